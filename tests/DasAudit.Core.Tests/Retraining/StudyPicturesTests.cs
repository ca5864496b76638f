using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Retraining;
using DasAudit.Core.Torch;
using TorchSharp;

namespace DasAudit.Core.Tests.Retraining;

public sealed class StudyPicturesTests : IDisposable
{
    private static readonly GeneratorOptions FiveSteps = new() { Steps = 5 };

    private static readonly GeneratedQuery[] Queries =
    [
        new(3, new(null, null), FiveSteps),
        new(4, new(null, null), new() { Steps = 7, Eta = 0.5 }),
    ];

    private readonly StudyWorld _world = new();
    private readonly AuditedModel _audited;

    public StudyPicturesTests() => _audited = AuditedModel.Load(_world.Source, torch.CPU);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _audited.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void A_model_of_the_study_generates_what_the_command_generates_from_it()
    {
        var jobs = Train();
        var pictures = Pictures(workers: 2);

        pictures.Generate(jobs, null, Cancellation);

        foreach (var job in jobs)
        {
            using var pool = new ModelPool(() =>
                _world.Source.WithTrained(_world.Folder[$"study/models/{job.Name}"]).Load(torch.CPU)
            );
            var expected = Queries.Select(query =>
                new PictureGenerator(pool, query.Sampling, 1).Generate(
                    [query.Seed],
                    query.Condition,
                    null,
                    Cancellation
                )[0]
            );
            Assert.Equal(expected.Select(picture => picture.Rgb), pictures.Of(job).Select(picture => picture.Rgb));
        }
    }

    [Fact]
    public void What_was_generated_is_used_again()
    {
        var jobs = Train();
        Pictures(workers: 1).Generate(jobs, null, Cancellation);
        var kept = Path.Combine(_world.Folder["study/models/first"], "pictures", Queries[0].FileName);
        PictureWriter.WritePng(TestPictures.Pattern(1, 8, 8), kept);

        var pictures = Pictures(workers: 1);
        pictures.Generate(jobs, null, Cancellation);

        Assert.Equal(TestPictures.Pattern(1, 8, 8).Rgb, pictures.Of(jobs[0])[0].Rgb);
    }

    [Fact]
    public void Whatever_decides_a_picture_is_in_the_name_of_its_file()
    {
        GeneratedQuery[] queries =
        [
            .. Queries,
            new(3, new(1, null), FiveSteps),
            new(3, new(null, "a cat"), FiveSteps),
            new(3, new(null, null), FiveSteps with { Sampler = SamplerKind.Ddpm }),
            new(3, new(null, null), FiveSteps with { Guidance = 2 }),
            new(3, new(null, null), FiveSteps with { NegativePrompt = "a dog" }),
            new(3, new(null, null), FiveSteps with { Eta = 1 }),
        ];

        Assert.Distinct(queries.Select(query => query.FileName[(query.FileName.LastIndexOf('-') + 1)..]));
        Assert.StartsWith("seed-3-", Queries[0].FileName);
    }

    [Fact]
    public void The_audited_model_generates_its_own_pictures()
    {
        var expected = new PictureGenerator(_audited.Pool, FiveSteps, 1).Generate(
            [3],
            new(null, null),
            null,
            Cancellation
        );

        var pictures = Pictures(workers: 2).OfAudited(null, Cancellation);

        Assert.Equal(expected[0].Rgb, pictures[0].Rgb);
        Assert.Single(Directory.GetDirectories(_world.Folder["study/audited"]));
    }

    private RetrainingStudy Study => new(_world.Folder["study"], _world.Recipe, torch.CPU, workers: 2);

    private StudyPictures Pictures(int workers) => new(Study, _audited, Queries, workers);

    private RetrainingJob[] Train()
    {
        var set = _world.Set;
        RetrainingJob[] jobs = [StudyWorld.Job("first", set, 0, 1, 2), StudyWorld.Job("second", set, 3, 4, 5, 6)];
        Study.Train(jobs, null, Cancellation);
        return jobs;
    }
}
