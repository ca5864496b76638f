using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation.Outputs;

/// <summary>
/// Correlations over models and queries, and those with both drawn again with replacement; all meet the same draws, so
/// that differences are paired. Models on the same part are drawn together.
/// </summary>
internal sealed class CorrelationBootstrap
{
    private readonly int[][] _modelCounts;
    private readonly int[][] _queryCounts;
    private readonly int[] _once;

    /// <param name="models">Of each query; first those of one training seed, then as many of the next.</param>
    /// <param name="parts">Models of a seed.</param>
    public CorrelationBootstrap(int queries, int models, int parts, int draws, long seed)
    {
        var source = new NoiseSource(seed);
        _modelCounts =
        [
            .. BootstrapDraws
                .Counts(source, NoisePurpose.SubsetDraw, parts, draws)
                .Select(counts => Enumerable.Range(0, models).Select(model => counts[model % parts]).ToArray()),
        ];
        _queryCounts = BootstrapDraws.Counts(source, NoisePurpose.QueryDraw, queries, draws);
        _once = [.. Enumerable.Repeat(1, models)];
    }

    /// <summary>Of two sides of what happened to the pictures.</summary>
    /// <param name="over">See <see cref="OutputsCorrelation.Over"/>.</param>
    /// <param name="kind">See <see cref="OutputsCorrelation.Kind"/>.</param>
    public OutputsCorrelation Compare(string over, string kind, ModelChanges changes)
    {
        var correlate = Correlation(kind);
        var predictions = Measure(changes.Predictions);
        var losses = Measure(changes.Losses);
        return new(
            over,
            kind,
            Interval.Of(predictions.Value, predictions.Draws),
            Interval.Of(losses.Value, losses.Draws),
            Interval.Of(
                predictions.Value - losses.Value,
                predictions.Draws.Zip(losses.Draws, (prediction, loss) => prediction - loss)
            )
        );

        (double Value, double[] Draws) Measure(double[][] x) =>
            over == OutputsMeasure.Pooled
                ? Pooled(x, changes.Pictures, correlate)
                : Within(x, changes.Pictures, correlate);
    }

    private delegate double Correlate(RankedSeries a, RankedSeries b, ReadOnlySpan<int> counts);

    private static Correlate Correlation(string kind) =>
        kind == OutputsMeasure.Pearson ? new Correlate(RankedSeries.Pearson) : new Correlate(RankedSeries.Spearman);

    // The mean over queries of the correlation over models.
    private (double Value, double[] Draws) Within(double[][] x, double[][] y, Correlate correlate)
    {
        RankedSeries[] first = [.. x.Select(ofQuery => new RankedSeries(ofQuery))];
        RankedSeries[] second = [.. y.Select(ofQuery => new RankedSeries(ofQuery))];
        var queries = Enumerable.Range(0, x.Length).ToList();
        return (queries.Average(q => correlate(first[q], second[q], _once)), EachDraw(Draw));

        double Draw(int draw) =>
            queries
                .Where(q => _queryCounts[draw][q] > 0)
                .Sum(q => _queryCounts[draw][q] * correlate(first[q], second[q], _modelCounts[draw])) / x.Length;
    }

    // A pair counts as often as its query and its model together.
    private (double Value, double[] Draws) Pooled(double[][] x, double[][] y, Correlate correlate)
    {
        var first = new RankedSeries([.. x.SelectMany(ofQuery => ofQuery)]);
        var second = new RankedSeries([.. y.SelectMany(ofQuery => ofQuery)]);
        var all = correlate(first, second, Enumerable.Repeat(1, first.Count).ToArray());
        return (all, EachDraw(draw => correlate(first, second, PairCounts(draw))));
    }

    private int[] PairCounts(int draw) =>
        [.. _queryCounts[draw].SelectMany(query => _modelCounts[draw].Select(model => query * model))];

    private double[] EachDraw(Func<int, double> measure)
    {
        var draws = new double[_modelCounts.Length];
        Parallel.For(0, draws.Length, draw => draws[draw] = measure(draw));
        return draws;
    }
}
