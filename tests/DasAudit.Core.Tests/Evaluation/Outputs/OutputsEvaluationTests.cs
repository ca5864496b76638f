using DasAudit.Abstractions;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Outputs;
using DasAudit.Core.Uncertainty;
using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Tests.Evaluation.Outputs;

public sealed class OutputsEvaluationTests : IDisposable
{
    private const int Subsets = 5;

    private readonly GeneratedWorld _world = new();

    public void Dispose() => _world.Dispose();

    /// <summary>
    /// Pictures, predictions and losses of each model and query again, one by one; each query under its own class.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_the_correlation_of_the_changes_of_pictures_with_those_of_predictions_and_losses(bool knowsClasses)
    {
        using var world = new GeneratedWorld(knowsClasses);
        var result = Run(Request() with { Common = world.Request("random") })!;

        var all = world.FolderOf("all-seed-11");
        string[] models =
        [
            .. Enumerable.Range(0, Subsets).Select(part => world.FolderOf($"part-0.5-00{part}-seed-11")),
        ];
        var pictures = Table(models, (model, seed) => world.Distance(model, all, seed));
        var predictions = Table(models, (model, seed) => world.OutputChange(model, all, seed));
        var losses = Table(models, (model, seed) => Math.Abs(world.Loss(model, seed) - world.Loss(all, seed)));
        Assert.Equal(
            [("within", "pearson"), ("within", "spearman"), ("pooled", "pearson"), ("pooled", "spearman")],
            result.Correlations.Select(correlation => (correlation.Over, correlation.Kind))
        );
        Func<double[], double[], double>[] kinds =
        [
            (a, b) => Correlation.Pearson(a, b),
            (a, b) => Ranking.Spearman(a, b),
        ];
        foreach (var (kind, correlate) in kinds.Index())
        {
            AssertCorrelation(result.Correlations[kind], Within(predictions, correlate), Within(losses, correlate));
            AssertCorrelation(result.Correlations[kind + 2], Pooled(predictions, correlate), Pooled(losses, correlate));
        }
        Assert.Equal(3, result.Reproduced);
        var finding = Assert.Single(result.Findings);
        Assert.Null(finding.Method);
        Assert.Contains("the change of the noise prediction", finding.Sentence);
        Assert.Equal(Subsets + 1, world.Models.Length);

        double Within(double[][] x, Func<double[], double[], double> correlate) => x.Zip(pictures, correlate).Average();

        double Pooled(double[][] x, Func<double[], double[], double> correlate) =>
            correlate([.. x.SelectMany(row => row)], [.. pictures.SelectMany(row => row)]);
    }

    [Fact]
    public void Models_of_linear_datamodeling_scores_are_used_again()
    {
        new LdsEvaluation(TimeProvider.System, null).Run(
            new() { Common = _world.Request("pixel-dot"), Subsets = Subsets },
            TestContext.Current.CancellationToken
        );
        var before = _world.Models.ToDictionary(
            model => model,
            model => File.GetLastWriteTimeUtc(Path.Combine(model, "weights.safetensors"))
        );

        Run(Request());

        Assert.Equal(["all-seed-11"], _world.Models.Except(before.Keys).Select(Path.GetFileName));
        Assert.All(
            before,
            model => Assert.Equal(model.Value, File.GetLastWriteTimeUtc(Path.Combine(model.Key, "weights.safetensors")))
        );
    }

    [Fact]
    public void Models_of_each_seed_are_compared_with_all_pictures_of_that_seed()
    {
        var request = Request();
        var first = Run(request)!;
        var both = Run(request with { Common = request.Common with { TrainingSeeds = 2 } })!;

        Assert.Equal(2 * (Subsets + 1), _world.Models.Length);
        Assert.NotEqual(first.Correlations[0].Predictions.Value, both.Correlations[0].Predictions.Value);
        double[] pictures = [.. ChangesOf(11), .. ChangesOf(12)];
        double[] predictions = [.. PredictionsOf(11), .. PredictionsOf(12)];
        Assert.Equal(Ranking.Spearman(predictions, pictures), both.Correlations[3].Predictions.Value, 0.02);

        IEnumerable<double> ChangesOf(int seed) =>
            Pairs(seed, (model, all, query) => _world.Distance(model, all, query));

        IEnumerable<double> PredictionsOf(int seed) =>
            Pairs(seed, (model, all, query) => _world.OutputChange(model, all, query));
    }

    [Fact]
    public void Shares_train_their_models_and_measure_nothing()
    {
        var request = Request();
        Assert.Null(Run(request with { Common = request.Common with { Share = new(1, 2) } }));

        Assert.Equal(3, _world.Models.Length);
    }

    [Theory]
    [InlineData("", "Nothing says of which class 'made/seed-1.png' is")]
    [InlineData("0,1,2", "'made/seed-5.png' cannot be looked at under its class. There is no class 2.")]
    public void Classes_that_are_missing_or_wrong_are_refused_before_anything_is_trained(
        string classes,
        string sentence
    )
    {
        using var world = new GeneratedWorld(knowsClasses: true);
        var common = world.Request("random");
        var inputs = common.Audit.Inputs with
        {
            QueryClasses = [.. classes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)],
        };

        var refusal = Assert.Throws<AuditException>(() =>
            Run(Request() with { Common = common with { Audit = common.Audit with { Inputs = inputs } } })
        );

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.Folder.Path + "/study/models"));
    }

    [Fact]
    public void A_held_out_picture_without_a_class_is_refused_before_anything_is_trained()
    {
        using var world = new GeneratedWorld(knowsClasses: true);
        var common = world.Request("random") with { HeldOut = "held" };

        var refusal = Assert.Throws<AuditException>(() =>
            new LdsEvaluation(TimeProvider.System, null).Run(
                new() { Common = common, Subsets = Subsets },
                TestContext.Current.CancellationToken
            )
        );

        Assert.StartsWith("Nothing says of which class 'p50.png' is", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.Folder.Path + "/study/models"));
    }

    [Fact]
    public void Too_few_parts_are_refused() =>
        Assert.Contains("{subsets}", Assert.Throws<AuditException>(() => Run(Request() with { Subsets = 3 })).Message);

    [Fact]
    public void A_picture_without_a_seed_is_refused()
    {
        var request = Request();
        var audit = request.Common.Audit;
        var unnamed = audit with { Inputs = audit.Inputs with { Images = ["query.png"] } };

        var refusal = Assert.Throws<AuditException>(() =>
            Run(request with { Common = request.Common with { Audit = unnamed } })
        );

        Assert.Contains("{query-seed}", refusal.Message);
    }

    private OutputsRequest Request() => new() { Common = _world.Request("random"), Subsets = Subsets };

    private OutputsResult? Run(OutputsRequest request) =>
        new OutputsEvaluation(TimeProvider.System, _world.Progress).Run(request, TestContext.Current.CancellationToken);

    private static double[][] Table(string[] models, Func<string, long, double> change) =>
        [.. GeneratedWorld.Seeds.Select(seed => models.Select(model => change(model, seed)).ToArray())];

    private IEnumerable<double> Pairs(int seed, Func<string, string, long, double> change) =>
        GeneratedWorld.Seeds.SelectMany(query =>
            Enumerable
                .Range(0, Subsets)
                .Select(part =>
                    change(
                        _world.FolderOf($"part-0.5-00{part}-seed-{seed}"),
                        _world.FolderOf($"all-seed-{seed}"),
                        query
                    )
                )
        );

    private static void AssertCorrelation(OutputsCorrelation correlation, double predictions, double losses)
    {
        Assert.Equal(predictions, correlation.Predictions.Value, 1e-4);
        Assert.Equal(losses, correlation.Losses.Value, 1e-4);
        Assert.Equal(predictions - losses, correlation.Difference.Value, 2e-4);
        Assert.All(
            [correlation.Predictions, correlation.Losses, correlation.Difference],
            interval => Assert.True(interval.Low <= interval.High)
        );
    }
}
