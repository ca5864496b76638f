using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Audits that follow the sampling of pictures, each as it says that it was sampled.</summary>
public sealed class SamplingAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public SamplingAuditTests()
    {
        _folder.WritePictures("set", 0, 4);
        for (var i = 0; i < 4; i++)
            _folder.Write($"set/p{i}.txt", $"picture {i}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_picture_is_followed_with_its_own_steps_sampler_and_guidance()
    {
        Generate("query.png", 5, Sampling(7, SamplerKind.Euler));
        Generate("second.png", 6, Sampling(4, SamplerKind.DpmSolverPlusPlus) with { NegativePrompt = "a (dog)" });
        Assert.Equal(2, (Audit() with { Images = ["query.png", "second.png"] }).Reports().Count);

        Generate("query.png", 5, Sampling(7, SamplerKind.Euler), text => text.Replace("Steps: 7", "Steps: 8"));
        Assert.Contains("journey-trak needs the sampling trajectory", Audit().Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sampler_that_is_not_known_is_refused_before_the_dataset_is_read()
    {
        Generate("query.png", 5, Sampling(7, SamplerKind.Euler), text => text.Replace("Euler", "Euler a"));
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Equal(
            "'query.png' states the sampler 'Euler a', which cannot be followed; of this model, the samplers DDIM, "
                + "DDPM, Euler, DPM++ 2M can.",
            (Audit() with { Dataset = "empty" }).Refusal()
        );
    }

    [Fact]
    public void Null_queries_of_other_steps_are_refused()
    {
        Generate("query.png", 5, Sampling(7, SamplerKind.Euler));
        Generate("others/seed-6.png", 6, Sampling(7, SamplerKind.Ddim));
        var audit = Audit() with { NullQueries = "others" };
        Assert.Equal(1, audit.Report().Evidence!.NullPool!.Size);

        Generate("others/seed-8.png", 8, Sampling(4, SamplerKind.Ddim));
        Assert.Equal(
            "journey-trak averages over the steps of sampling, of which 'query.png' has 7 and the null query "
                + "'seed-8.png' 4; give null queries of as many steps.",
            audit.Refusal()
        );
    }

    private TestAudit Audit() =>
        TestAudit.Of(_folder, "journey-trak") with
        {
            Adapter = new TinyAdapter(_ => new TinyTextModel()),
        };

    private static GeneratorOptions Sampling(int steps, SamplerKind sampler) =>
        new()
        {
            Steps = steps,
            Sampler = sampler,
            Guidance = 2,
        };

    private void Generate(string path, long seed, GeneratorOptions options, Func<string, string>? change = null)
    {
        using var pool = new ModelPool(() => new TinyTextModel());
        var generator = new PictureGenerator(pool, options, threads: 1);
        var condition = new Condition(null, "a (cat)");
        var picture = generator.Generate([seed], condition, null, TestContext.Current.CancellationToken)[0];
        var text = generator.Describe(seed, condition, new(() => new(new string('a', 64), [])))!;
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        PictureWriter.WritePng(picture, _folder[path], change is null ? text : change(text));
    }
}
