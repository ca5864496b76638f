using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Diffusion;

public sealed class GuidedGenerationTests : IDisposable
{
    private static readonly Condition Cat = new(null, "a cat");

    private readonly List<string> _notices = [];
    private ModelPool? _pool;

    public void Dispose() => _pool?.Dispose();

    [Fact]
    public void Guidance_leads_from_the_negative_to_the_condition()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new TinyTextModel();
        var guided = GuidedCondition.Of(model, Cat, new() { Guidance = 4, NegativePrompt = "a dog" });
        var (noisy, time) = (randn(1, 1, 4, 4), tensor(new[] { 400L }));
        Tensor Plain(Condition condition) => model.Predict(noisy, time, model.EncodeConditions([condition]));
        var (dog, cat) = (Plain(new(null, "a dog")), Plain(Cat));

        var prediction = guided.Predict(model, noisy, time, guided.Encode(model, samples: 1));

        Assert.InRange((prediction - (dog + 4 * (cat - dog))).abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void Guidance_is_the_models_unless_said_and_leads_from_what_the_model_takes_for_nothing()
    {
        using var model = new TinyTextModel();
        Assert.Equal(new(Cat, Condition.None, 3), GuidedCondition.Of(model, Cat, new()));
        Assert.Equal(new(Cat, Condition.None, 5), GuidedCondition.Of(model, Cat, new() { Guidance = 5 }));
        Assert.Equal(new(Cat, null, 1), GuidedCondition.Of(model, Cat, new() { Guidance = 1 }));
        using var without = new TinyTextModel(knowsNone: false);
        Assert.Equal(new(Cat, null, 1), GuidedCondition.Of(without, Cat, new()));
        using var pixels = new TinyUnet();
        Assert.Equal(new(new(null, null), null, 1), GuidedCondition.Of(pixels, new(null, null), new()));
    }

    [Fact]
    public void The_framing_of_the_condition_holds_for_what_it_is_led_away_from()
    {
        using var model = new TinyTextModel();
        var framing = new PictureFraming(100, 80, 0, 4);
        var guided = GuidedCondition.Of(model, Cat with { Framing = framing }, new());
        Assert.Equal(Condition.None with { Framing = framing }, guided.Negative);
    }

    [Theory]
    [InlineData(SamplerKind.Ddim)]
    [InlineData(SamplerKind.Ddpm)]
    [InlineData(SamplerKind.Euler)]
    [InlineData(SamplerKind.DpmSolverPlusPlus)]
    public void A_picture_follows_from_seed_prompt_and_guidance_alone(SamplerKind sampler)
    {
        var options = new GeneratorOptions { Steps = 5, Sampler = sampler };
        var picture = Make(options, 3, Cat)[0];
        Assert.Equal(picture.Rgb, Make(options, 2, Cat)[1].Rgb);
        Assert.NotEqual(picture.Rgb, Make(options, 3, new(null, "a dog"))[0].Rgb);
        Assert.NotEqual(picture.Rgb, Make(options with { Guidance = 1 }, 3, Cat)[0].Rgb);
        Assert.NotEqual(picture.Rgb, Make(options with { NegativePrompt = "a dog" }, 3, Cat)[0].Rgb);
    }

    /// <summary>As on devices that are fast on large batches alone.</summary>
    [Theory]
    [InlineData(SamplerKind.Ddim)]
    [InlineData(SamplerKind.Ddpm)]
    [InlineData(SamplerKind.Euler)]
    [InlineData(SamplerKind.DpmSolverPlusPlus)]
    public void Pictures_made_at_once_are_those_made_one_by_one(SamplerKind sampler)
    {
        var options = new GeneratorOptions { Steps = 5, Sampler = sampler };
        long[] seeds = [3, 4, 9];
        using var pool = new ModelPool(() => new TinyTextModel());
        var single = new PictureGenerator(pool, options, 1).Generate(seeds, Cat, null, CancellationToken.None);
        var generator = new PictureGenerator(pool, options, 1) { TakesManyPictures = true };

        var together = generator.Generate(seeds, Cat, null, CancellationToken.None);

        foreach (var (one, another) in single.Zip(together))
            Assert.InRange(one.Rgb.Zip(another.Rgb, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
        var fewer = generator.Generate([9], Cat, null, CancellationToken.None);
        Assert.Equal(together[2].Rgb, fewer[0].Rgb);
    }

    [Fact]
    public void Samplers_come_to_the_same_picture_by_many_steps()
    {
        // Three ways to solve one equation; the model is smooth.
        var settings = new SamplingSettings { ClipSample = false, TimestepSpacing = TimestepSpacing.Trailing };
        int[] Values(SamplerKind sampler)
        {
            var options = new GeneratorOptions { Steps = 200, Sampler = sampler };
            var picture = Make(options, 3, Cat, () => new TinyTextModel { Sampling = settings })[0];
            return [.. picture.Rgb.Select(value => (int)value)];
        }

        var ddim = Values(SamplerKind.Ddim);
        foreach (var sampler in new[] { SamplerKind.Euler, SamplerKind.DpmSolverPlusPlus })
            Assert.InRange(ddim.Zip(Values(sampler), (a, b) => Math.Abs(a - b)).Max(), 0, 6);
    }

    [Fact]
    public void The_models_sampler_is_taken_unless_another_is_asked_for()
    {
        SamplingSettings settings = new() { Sampler = SamplerKind.DpmSolverPlusPlus, ClipSample = false };
        TinyTextModel Model() => new() { Sampling = settings };
        var options = new GeneratorOptions { Steps = 5 };
        var picture = Make(options, 3, Cat, Model)[0];
        Assert.Equal(picture.Rgb, Make(options with { Sampler = settings.Sampler }, 3, Cat, Model)[0].Rgb);
        Assert.NotEqual(picture.Rgb, Make(options with { Sampler = SamplerKind.Ddim }, 3, Cat, Model)[0].Rgb);
    }

    [Fact]
    public void A_network_is_told_times_between_timesteps_where_a_sampler_stops_there()
    {
        var settings = new SamplingSettings { Sampler = SamplerKind.Euler, TimestepSpacing = TimestepSpacing.Linspace };
        var model = new TimesRecorder(settings);
        using var pool = new ModelPool(() => model);
        // Features are taken at the timesteps next to them.
        Assert.Equal([0, 250, 500, 749, 999], new GeneratorOptions { Steps = 5 }.Timesteps(model));

        var trace = new PictureGenerator(pool, new() { Steps = 5 }, 1).Trace(3, Cat, CancellationToken.None);

        // np.linspace(0, 999, 5)[::-1] in float32, as EulerDiscreteScheduler has it; whole timesteps stay integers.
        (ScalarType, double)[] asked =
        [
            (ScalarType.Int64, 999),
            (ScalarType.Float32, 749.25),
            (ScalarType.Float32, 499.5),
            (ScalarType.Float32, 249.75),
            (ScalarType.Int64, 0),
        ];
        Assert.Equal(asked, model.Asked);
        Assert.Equal([0, 250, 500, 749, 999], trace.Timesteps);
        Assert.Equal(5, trace.Clean.Count);
    }

    [Fact]
    public void What_is_lost_of_prompts_is_told_and_so_is_a_missing_prompt()
    {
        Make(new() { NegativePrompt = "a very very small dog" }, 1, new(null, "a cat on a mat in a hat"));
        Assert.Equal(["'at in a hat' is cut off.", "'small dog' is cut off."], _notices);
        _notices.Clear();
        Make(new(), 1, new(null, null));
        Assert.Equal(["No {prompt} was given, so that the empty one is taken."], _notices);
    }

    [Fact]
    public void What_a_model_does_not_know_is_refused()
    {
        Assert.StartsWith("{prompt} needs", Refusal(() => new TinyUnet(), Cat, new()));
        Assert.StartsWith("The model is conditioned on text", Refusal(() => new TinyTextModel(), new(1, null), new()));
        Assert.Equal(
            "The model knows no classes; leave out {class}.",
            Refusal(() => new TinyUnet(), new(1, null), new())
        );
        Assert.Equal(
            "The model makes pictures of a class; say which to generate with {class}.",
            Refusal(() => new ClassUnet(new TinyUnet()), new(null, null), new())
        );
        Assert.Contains("{guidance}", Refusal(() => new TinyTextModel(knowsNone: false), Cat, new() { Guidance = 2 }));
        Assert.Contains("{guidance}", Refusal(() => new TinyUnet(), new(null, null), new() { Guidance = 2 }));
        Assert.StartsWith(
            "{negative-prompt} needs",
            Refusal(() => new TinyUnet(), new(null, null), new() { NegativePrompt = "x" })
        );
        Assert.StartsWith(
            "{negative-prompt} acts",
            Refusal(() => new TinyTextModel(), Cat, new() { NegativePrompt = "x", Guidance = 1 })
        );
    }

    [Fact]
    public void A_picture_is_described_as_the_web_ui_describes_it()
    {
        const string Hash = "0123456789abcdef";
        using var pool = new ModelPool(() => new TinyTextModel());
        string? Describe(GeneratorOptions options, Condition condition) =>
            new PictureGenerator(pool, options, 1).Describe(7, condition, new(new MentionedModel(Hash, [])));

        Assert.Equal(
            "a cat\nNegative prompt: a dog\n"
                + "Steps: 20, Sampler: DPM++ 2M, CFG scale: 6.5, Seed: 7, Size: 8x8, Model hash: 0123456789",
            Describe(
                new()
                {
                    Steps = 20,
                    Sampler = SamplerKind.DpmSolverPlusPlus,
                    Guidance = 6.5,
                    NegativePrompt = "a dog",
                },
                Cat
            )
        );
        Assert.Equal(
            "a cat\nSteps: 50, Sampler: DDIM, CFG scale: 3, Seed: 7, Size: 8x8, Model hash: 0123456789",
            Describe(new(), Cat)
        );
        using var pixels = new ModelPool(() => new TinyUnet());
        Assert.Null(
            new PictureGenerator(pixels, new(), 1).Describe(
                7,
                new(null, null),
                new(() => throw new ArgumentException())
            )
        );
    }

    private string Refusal(Func<IDiffusionModel> load, Condition condition, GeneratorOptions options) =>
        Assert.Throws<AuditException>(() => Make(options, 1, condition, load)).Message;

    private IReadOnlyList<Picture> Make(
        GeneratorOptions options,
        long seed,
        Condition condition,
        Func<IDiffusionModel>? load = null
    )
    {
        _pool?.Dispose();
        _pool = new ModelPool(load ?? (() => new TinyTextModel()));
        var generator = new PictureGenerator(_pool, options, 2);
        return generator.Generate([seed, seed + 1], condition, new Reporter(_notices), CancellationToken.None);
    }

    private sealed class Reporter(List<string> notices) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Notice is { } notice)
                notices.Add(notice);
        }
    }
}
