using DasAudit.Core.Diffusion;

namespace DasAudit.Core.Evaluation;

/// <summary>A figure of each query, whose mean over queries is wanted with its interval.</summary>
/// <param name="ByQuery">As measured.</param>
/// <param name="Draws">With the models drawn again, [draw][query].</param>
/// <param name="QueryCounts">How often each query is in a draw, [draw][query].</param>
internal sealed record BootstrapDraws(double[] ByQuery, double[][] Draws, int[][] QueryCounts)
{
    /// <summary>How often each of n is among n draws with replacement, [draw][of n].</summary>
    public static int[][] Counts(NoiseSource source, NoisePurpose purpose, int n, int draws)
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

    /// <summary>The mean over some queries, with its interval.</summary>
    public Interval Mean(IReadOnlyList<int> queries) =>
        Interval.Of(
            queries.Average(q => ByQuery[q]),
            Enumerable.Range(0, Draws.Length).Select(draw => Mean(draw, queries)).Where(double.IsFinite)
        );

    /// <summary>By how much the mean is above that of another method, draw by draw.</summary>
    public Interval Above(BootstrapDraws other, IReadOnlyList<int> queries) =>
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
