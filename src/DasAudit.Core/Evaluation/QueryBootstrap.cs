using DasAudit.Core.Diffusion;
using MathNet.Numerics.Statistics;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Queries drawn again with replacement; all figures meet the same draws, so that differences are paired.
/// </summary>
internal sealed class QueryBootstrap
{
    private readonly int[][] _draws;

    /// <param name="queries">Number of queries, at least 1.</param>
    /// <param name="draws">Number of bootstrap draws.</param>
    public QueryBootstrap(int queries, int draws, long seed)
    {
        var source = new NoiseSource(seed);
        _draws =
        [
            .. Enumerable
                .Range(0, draws)
                .Select(draw =>
                    Enumerable
                        .Range(0, queries)
                        .Select(place => source.Below(new(NoisePurpose.QueryDraw, 0, draw), place, queries))
                        .ToArray()
                ),
        ];
    }

    /// <summary>The mean over queries, with its interval.</summary>
    /// <param name="ofQueries">One value a query.</param>
    public Interval Mean(IReadOnlyList<double> ofQueries) =>
        Interval.Of(ofQueries.Average(), _draws.Select(draw => draw.Average(query => ofQueries[query])));

    /// <summary>The median over queries, with its interval.</summary>
    /// <param name="ofQueries">One value a query.</param>
    public Interval Median(IReadOnlyList<double> ofQueries) =>
        Interval.Of(ofQueries.Median(), _draws.Select(draw => draw.Select(query => ofQueries[query]).Median()));
}
