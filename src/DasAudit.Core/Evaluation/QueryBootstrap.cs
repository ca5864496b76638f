using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation;

/// <summary>
/// Means over queries, with the middle 95 % of those over queries drawn again with replacement. All figures of one
/// bootstrap meet the same draws, so that differences are paired.
/// </summary>
internal sealed class QueryBootstrap
{
    private readonly int[][] _draws;

    /// <param name="queries">At least 1.</param>
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

    /// <param name="values">One a query.</param>
    public Interval Mean(IReadOnlyList<double> values) =>
        Interval.Of(values.Average(), _draws.Select(draw => draw.Average(query => values[query])));
}
