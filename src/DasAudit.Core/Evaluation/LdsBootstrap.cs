using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Linear datamodeling scores (Park et al., 2023): for each query the rank correlation, over models trained on parts,
/// of what a method predicts with what happened; their mean over queries; and that for subsets and queries drawn again
/// with replacement. All methods meet the same draws, so that differences are paired.
/// </summary>
internal sealed class LdsBootstrap
{
    private readonly RankedSeries[] _truth;
    private readonly int[][] _subsetCounts;
    private readonly int[][] _queryCounts;

    /// <param name="truth">[query][subset]; the larger, the more of the query is left.</param>
    /// <param name="draws">Number of bootstrap draws.</param>
    public LdsBootstrap(IReadOnlyList<double[]> truth, int draws, long seed)
    {
        _truth = [.. truth.Select(ofQuery => new RankedSeries(ofQuery))];
        var source = new NoiseSource(seed);
        _subsetCounts = Draws(source, NoisePurpose.SubsetDraw, truth[0].Length, draws);
        _queryCounts = Draws(source, NoisePurpose.QueryDraw, truth.Count, draws);
    }

    /// <summary>The score of each query and of every draw.</summary>
    /// <param name="predictions">[query][subset].</param>
    public LdsDraws Of(IReadOnlyList<double[]> predictions)
    {
        RankedSeries[] predicted = [.. predictions.Select(ofQuery => new RankedSeries(ofQuery))];
        int[] once = [.. Enumerable.Repeat(1, predicted[0].Count)];
        double[] byQuery =
        [
            .. Enumerable.Range(0, predicted.Length).Select(q => RankedSeries.Spearman(_truth[q], predicted[q], once)),
        ];
        var draws = new double[_subsetCounts.Length][];
        Parallel.For(0, draws.Length, draw => draws[draw] = Draw(draw));
        return new(byQuery, draws, _queryCounts);

        double[] Draw(int draw) =>
            [
                .. Enumerable
                    .Range(0, predicted.Length)
                    .Select(q =>
                        _queryCounts[draw][q] == 0
                            ? 0
                            : RankedSeries.Spearman(_truth[q], predicted[q], _subsetCounts[draw])
                    ),
            ];
    }

    // How often each of n is among n draws with replacement.
    private static int[][] Draws(NoiseSource source, NoisePurpose purpose, int n, int draws)
    {
        var counts = new int[draws][];
        for (var draw = 0; draw < draws; draw++)
        {
            counts[draw] = new int[n];
            for (var i = 0; i < n; i++)
                counts[draw][source.Below(new(purpose, 0, draw), i, n)]++;
        }
        return counts;
    }
}

/// <summary>A method's scores.</summary>
/// <param name="ByQuery">Of all subsets.</param>
/// <param name="Draws">[draw][query].</param>
/// <param name="QueryCounts">How often each query is in a draw, [draw][query].</param>
internal sealed record LdsDraws(double[] ByQuery, double[][] Draws, int[][] QueryCounts)
{
    /// <summary>The mean over some queries, with its interval.</summary>
    public Interval Mean(IReadOnlyList<int> queries) =>
        Interval.Of(
            queries.Average(q => ByQuery[q]),
            Enumerable.Range(0, Draws.Length).Select(draw => Mean(draw, queries)).Where(double.IsFinite)
        );

    /// <summary>By how much the mean is above that of another method, draw by draw.</summary>
    public Interval Above(LdsDraws other, IReadOnlyList<int> queries) =>
        Interval.Of(
            queries.Average(q => ByQuery[q] - other.ByQuery[q]),
            Enumerable
                .Range(0, Draws.Length)
                .Select(draw => Mean(draw, queries) - other.Mean(draw, queries))
                .Where(double.IsFinite)
        );

    // NaN where none of them was drawn.
    private double Mean(int draw, IReadOnlyList<int> queries) =>
        queries.Sum(q => QueryCounts[draw][q] * Draws[draw][q]) / queries.Sum(q => QueryCounts[draw][q]);
}
