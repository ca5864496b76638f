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
        _subsetCounts = BootstrapDraws.Counts(source, NoisePurpose.SubsetDraw, truth[0].Length, draws);
        _queryCounts = BootstrapDraws.Counts(source, NoisePurpose.QueryDraw, truth.Count, draws);
    }

    /// <summary>The score of each query and of every draw.</summary>
    /// <param name="predictions">[query][subset].</param>
    public BootstrapDraws Of(IReadOnlyList<double[]> predictions)
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
}
