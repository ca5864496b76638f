using DasAudit.Abstractions;
using DasAudit.Core.Evaluation.Counterfactual;
using DasAudit.Core.Pictures;
using DasAudit.Core.Tests.Retraining;
using DasAudit.Core.Training;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Evaluation.Counterfactual;

public sealed class CounterfactualEvaluationTests : IDisposable
{
    private const string All = "all-seed-11";
    private const string OtherSeed = "all-seed-12";

    private readonly GeneratedWorld _world = new();

    public void Dispose() => _world.Dispose();

    /// <summary>All figures of a method again: its choice, the models by what they saw, and each picture.</summary>
    [Fact]
    public void It_is_the_change_of_each_picture_without_what_a_method_puts_first()
    {
        var result = Run(Request())!;

        var measure = result.Measures[0];
        var change = measure.Changes.Single(any => any.Removal == "pixel-dot");
        var models = GeneratedWorld.Seeds.Select(seed => ModelWithout(First(seed, Product))).ToList();
        double[] own = [.. models.Zip(GeneratedWorld.Seeds, (model, seed) => Distance(model, seed))];
        AssertEqual(own, change.ByQuery);
        Assert.Equal(own.Average(), change.Mean.Value, 1e-6);
        Assert.Equal(own.Order().ElementAt(1), change.Median.Value, 1e-6);
        double[] controls =
        [
            .. models.Select(
                (model, q) =>
                    GeneratedWorld.Seeds.Where((_, other) => other != q).Average(seed => Distance(model, seed))
            ),
        ];
        Assert.Equal(controls.Average(), change.Controls!.Value, 1e-6);
        var specificity = own.Zip(controls, (a, b) => a - b).ToList();
        Assert.Equal(specificity.Average(), change.Specificity!.Difference.Value, 1e-6);
        Assert.Equal(SignedRankTest.PValue(specificity), change.Specificity.PValue, 1e-12);
        var removed = result.Removals.Single(any => any.Removal == "pixel-dot").Models;
        Assert.Equal(models, removed.Select(_world.FolderOf));
    }

    [Fact]
    public void Beside_it_stand_random_removals_another_seed_and_the_first_method()
    {
        var result = Run(Request())!;

        var measure = result.Measures[0];
        Assert.Equal(["pixel-dot", "das", "random", "other-seed"], measure.Changes.Select(change => change.Removal));
        var draws = result.Removals.Single(any => any.Removal == "random").Models;
        Assert.Equal(2, draws.Distinct().Count());
        AssertEqual(
            [.. GeneratedWorld.Seeds.Select(seed => draws.Average(model => Distance(_world.FolderOf(model), seed)))],
            measure.Changes[2].ByQuery
        );
        AssertEqual(
            [.. GeneratedWorld.Seeds.Select(seed => Distance(_world.FolderOf(OtherSeed), seed))],
            measure.Changes[3].ByQuery
        );
        Assert.Equal(
            [("pixel-dot", "random"), ("das", "random"), ("das", "pixel-dot")],
            measure.Tests.Select(test => (test.A, test.B))
        );
        double[] differences = [.. measure.Changes[1].ByQuery.Zip(measure.Changes[0].ByQuery, (a, b) => a - b)];
        Assert.Equal(differences.Average(), measure.Tests[2].Difference.Value, 1e-12);
        Assert.Equal(SignedRankTest.PValue(differences), measure.Tests[2].PValue, 1e-12);
        // With three pictures no p-value is below 0.25.
        Assert.DoesNotContain(measure.Tests, test => test.IsEstablished);
    }

    [Fact]
    public void What_reports_may_quote_names_the_method_and_that_three_pictures_establish_nothing()
    {
        var result = Run(Request())!;

        Assert.Equal(["pixel-dot", "das"], result.Findings.Select(finding => finding.Method));
        Assert.Contains("Without the 2 training pictures that das puts first", result.Findings[1].Sentence);
        Assert.Contains("not established", result.Findings[1].Sentence);
        Assert.Equal(
            "0.25 of the training pictures left out, 3 generated pictures, 2 random draws, training seeds 11",
            result.Setting
        );
    }

    [Fact]
    public void Predictions_and_embeddings_are_compared_too()
    {
        var result = Run(WithEncoder("pixel-dot", "das", "random"))!;

        Assert.Equal(["pixel-l2", "encoder", "output"], result.Measures.Select(measure => measure.Measure));
        var models = GeneratedWorld.Seeds.Select(seed => ModelWithout(First(seed, Product))).ToList();
        AssertEqual(
            [
                .. models.Zip(
                    GeneratedWorld.Seeds,
                    (model, seed) => _world.OutputChange(model, _world.FolderOf(All), seed)
                ),
            ],
            result.Measures[2].Changes[0].ByQuery
        );
        Assert.Contains(result.Measures[1].Changes[0].ByQuery, change => change > 0);
        AssertEqual(
            [.. models.Zip(GeneratedWorld.Seeds, (model, seed) => EncoderDistance(model, seed))],
            result.Measures[1].Changes[0].ByQuery
        );
    }

    /// <summary>Likeness by an encoder, the plain baseline of published tables.</summary>
    [Fact]
    public void What_an_encoder_puts_first_is_left_out_too()
    {
        var result = Run(WithEncoder("clip", "random"))!;

        var removed = result.Removals.Single(any => any.Removal == "clip").Models;
        var expected = GeneratedWorld.Seeds.Select(seed => ModelWithout(First(seed, FakeEncoder.Cosine)));
        Assert.Equal(expected, removed.Select(_world.FolderOf));
    }

    [Fact]
    public void Two_training_seeds_are_averaged()
    {
        var request = Request();
        var result = Run(request with { Common = request.Common with { TrainingSeeds = 2 } })!;

        Assert.Equal([11L, 12L], result.TrainingSeeds);
        Assert.True(Directory.Exists(_world.FolderOf("all-seed-13")));
        var second = _world.FolderOf(OtherSeed);
        var expected = GeneratedWorld.Seeds.Select(seed =>
            (
                _world.Distance(second, _world.FolderOf(All), seed)
                + _world.Distance(_world.FolderOf("all-seed-13"), second, seed)
            ) / 2
        );
        AssertEqual([.. expected], result.Measures[0].Changes[3].ByQuery);
    }

    [Fact]
    public void A_model_is_trained_once_and_it_is_said_before_how_many_there_are()
    {
        var request = Request();
        Assert.Null(Run(request with { Common = request.Common with { Share = new(1, 2) } }));
        var first = _world.Models.Length;
        var result = Run(request)!;

        Assert.Equal(result.Models, _world.Models.Length);
        Assert.InRange(first, 1, result.Models - 1);
        Assert.Contains(
            _world.Notices,
            notice =>
                notice.StartsWith(
                    $"{result.Models} models are compared, of which 0 are trained",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            _world.Notices,
            notice => notice.Contains($"of which {first} are trained", StringComparison.Ordinal)
        );
        var written = Times();
        var again = Run(request)!;
        Assert.Equal(written, Times());
        Assert.Equal(result.Measures[0].Changes[0].ByQuery, again.Measures[0].Changes[0].ByQuery);

        DateTime[] Times() =>
            [
                .. Directory
                    .GetFiles(_world.Folder["study"], "*.*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(File.GetLastWriteTimeUtc),
            ];
    }

    [Fact]
    public void Pictures_that_do_not_come_out_again_are_told()
    {
        Assert.Equal(3, Run(Request())!.Reproduced);
        Assert.DoesNotContain(_world.Notices, notice => notice.Contains("{sampling-steps}", StringComparison.Ordinal));

        var request = Request();
        var audit = GeneratedWorld.WithSampling(request.Common.Audit, new() { Steps = 9 });
        var result = Run(request with { Common = request.Common with { Audit = audit } })!;

        Assert.Equal(0, result.Reproduced);
        Assert.Contains(_world.Notices, notice => notice.Contains("{sampling-steps}", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_first_queries_are_looked_at() =>
        Assert.Equal(["made/seed-1.png", "made/seed-2.png"], Run(Request() with { Queries = 2 })!.Queries);

    [Fact]
    public void Random_alone_is_refused() =>
        Assert.Contains("{methods}", Refusal(Request() with { Common = _world.Request("random") }));

    [Fact]
    public void One_picture_is_refused() =>
        Assert.Contains("at least 2 pictures", Refusal(Request() with { Queries = 1 }));

    [Fact]
    public void A_picture_without_a_seed_is_refused()
    {
        var request = Request();
        var audit = request.Common.Audit;
        var images = audit with { Inputs = audit.Inputs with { Images = ["made/seed-1.png", "query.png"] } };

        var refusal = Refusal(request with { Common = request.Common with { Audit = images } });

        Assert.Contains("'query.png' does not say from which seed", refusal);
        Assert.Contains("{query-seed}", refusal);
        Assert.False(Directory.Exists(_world.Folder.Path + "/study"));
    }

    [Fact]
    public void A_seed_that_is_given_counts()
    {
        var request = Request();
        var audit = request.Common.Audit;
        var inputs = audit.Inputs with { QuerySeeds = [5, 2, 1] };

        var result = Run(request with { Common = request.Common with { Audit = audit with { Inputs = inputs } } })!;

        Assert.Equal(1, result.Reproduced);
        Assert.Equal(Distance(_world.FolderOf(OtherSeed), 5), result.Measures[0].Changes[3].ByQuery[0], 1e-6);
    }

    private CounterfactualRequest Request() =>
        new()
        {
            Common = _world.Request("pixel-dot", "das", "random"),
            Fraction = 0.25,
            RandomRemovals = 2,
        };

    private CounterfactualRequest WithEncoder(params string[] methods)
    {
        var common = _world.Request(methods);
        var inputs = common.Audit.Inputs with { Encoder = new FakeEncoder() };
        return Request() with { Common = common with { Audit = common.Audit with { Inputs = inputs } } };
    }

    private CounterfactualResult? Run(CounterfactualRequest request) =>
        new CounterfactualEvaluation(TimeProvider.System, _world.Progress).Run(
            request,
            TestContext.Current.CancellationToken
        );

    private string Refusal(CounterfactualRequest request) => Assert.Throws<AuditException>(() => Run(request)).Message;

    private double Distance(string model, long seed) => _world.Distance(model, _world.FolderOf(All), seed);

    // The two pictures of eight that a method puts first.
    private IReadOnlyList<string> First(long seed, Func<Picture, Picture, double> score)
    {
        var (query, set) = (_world.Query(seed), _world.Study.Set);
        return
        [
            .. set
                .Items.OrderByDescending(item => score(query, set.Read(item)))
                .Take(2)
                .Select(item => item.PixelSha256),
        ];
    }

    private static double Product(Picture a, Picture b) =>
        a.Rgb.Zip(b.Rgb, (x, y) => (x / 127.5 - 1) * (y / 127.5 - 1)).Sum();

    private string ModelWithout(IReadOnlyList<string> removed) =>
        _world.Models.Single(model =>
        {
            var record = TrainingRecord.Read(model);
            return record.Options.Seed == 11
                && record.Pictures!.Count == StudyWorld.Pictures - 2
                && !record.Pictures.Intersect(removed).Any();
        });

    private double EncoderDistance(string model, long seed)
    {
        return 1 - FakeEncoder.Cosine(Generated(model), Generated(_world.FolderOf(All)));

        Picture Generated(string folder)
        {
            var files = Directory.GetFiles(Path.Combine(folder, "pictures"), $"seed-{seed}-*.png");
            return PictureReader.Read(files.Single()).Picture;
        }
    }

    private static void AssertEqual(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
