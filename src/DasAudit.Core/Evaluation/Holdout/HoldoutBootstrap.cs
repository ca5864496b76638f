using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>
/// How well shares order groups, for each query, and for queries and training seeds drawn again with replacement. All
/// methods meet the same draws, so that differences are paired.
/// </summary>
internal sealed class HoldoutBootstrap
{
    private readonly double[][] _truth;
    private readonly int[][] _queryCounts;

    // The truth of each combination of seeds that was drawn, and which one a draw has.
    private readonly List<double[][]> _truthOfCombination = [];
    private readonly int[] _combinations;

    public HoldoutBootstrap(HoldoutTruth truth, int draws, long seed)
    {
        _truth = truth.Mean();
        var source = new NoiseSource(seed);
        _queryCounts = BootstrapDraws.Counts(source, NoisePurpose.QueryDraw, _truth.Length, draws);
        var seedCounts = BootstrapDraws.Counts(source, NoisePurpose.SubsetDraw, truth.BySeed.Length, draws);
        var known = new Dictionary<string, int>();
        _combinations = [.. seedCounts.Select(Combination)];

        int Combination(int[] counts)
        {
            var key = string.Join(' ', counts);
            if (!known.TryGetValue(key, out var combination))
            {
                known[key] = combination = known.Count;
                _truthOfCombination.Add(truth.Mean(counts));
            }
            return combination;
        }
    }

    /// <summary>A figure of each query and of every draw.</summary>
    /// <param name="shares">[query][group].</param>
    /// <param name="measure">From the truth and the shares of one query.</param>
    public BootstrapDraws Of(IReadOnlyList<double[]> shares, Func<double[], double[], double> measure)
    {
        var drawn = _truthOfCombination.ConvertAll(truth => ByQuery(truth, shares, measure));
        return new(
            ByQuery(_truth, shares, measure),
            [.. _combinations.Select(combination => drawn[combination])],
            _queryCounts
        );
    }

    /// <summary>What leaving a group out changes.</summary>
    public BootstrapDraws Changes(int group) =>
        new(
            [.. _truth.Select(ofQuery => ofQuery[group])],
            [
                .. _combinations.Select(combination =>
                    _truthOfCombination[combination].Select(ofQuery => ofQuery[group]).ToArray()
                ),
            ],
            _queryCounts
        );

    private static double[] ByQuery(
        double[][] truth,
        IReadOnlyList<double[]> shares,
        Func<double[], double[], double> measure
    ) => [.. truth.Select((ofQuery, q) => measure(ofQuery, shares[q]))];
}
