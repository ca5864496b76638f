namespace DasAudit.Core.Attribution.Scores;

/// <summary>The scores of one query.</summary>
/// <param name="ByReplicate">Scores by noise draw: one value a scored picture, members first.</param>
internal sealed record QueryScores(IReadOnlyList<double[]> ByReplicate)
{
    /// <summary>
    /// s, [replicate][b][scored picture], of methods whose score is a mean of squares, τ_i = (1/B)·Σ_b s_bi²; else
    /// null. Where they are changes of the prediction they add up over a set of pictures and squares do not.
    /// </summary>
    public IReadOnlyList<double[][]>? Inner { get; init; }

    /// <summary>Whether squares of <see cref="Inner"/> add up over a set, to first order: a variance's rise.</summary>
    public bool SquaresAddUp { get; init; }

    /// <summary>Whether the influence of a set of pictures is the sum of their scores.</summary>
    public bool AddsUp => Inner is null || SquaresAddUp;

    /// <summary>
    /// s′, shaped like <see cref="Inner"/> but from independent draws, which keep noise from inflating squares:
    /// τ_i = (1/B)·Σ_b s_bi·s′_bi, and for a set R (1/B)·Σ_b (Σ_R s_bi)·(Σ_R s′_bi). Null where s′ = s.
    /// </summary>
    public IReadOnlyList<double[][]>? Partners { get; init; }

    /// <summary>What scores are the mean of, [replicate][step of sampling][scored picture]; else null.</summary>
    public IReadOnlyList<double[][]>? Steps { get; init; }

    /// <summary>+1 where the picture helps make the query, −1 where it hinders; null if scores have the sign.</summary>
    public int[]? Directions { get; init; }

    /// <summary>Mean over noise draws.</summary>
    public double[] Mean { get; } =
    [.. Enumerable.Range(0, ByReplicate[0].Length).Select(i => ByReplicate.Average(scores => scores[i]))];

    /// <summary>Standard error of <see cref="Mean"/>: s/√R; null with a single noise draw.</summary>
    public double? StandardError(int picture)
    {
        var replicates = ByReplicate.Count;
        if (replicates < 2)
            return null;
        var variance = ByReplicate.Sum(scores => Math.Pow(scores[picture] - Mean[picture], 2)) / (replicates - 1);
        return Math.Sqrt(variance / replicates);
    }

    /// <summary>(1/B)·Σ_b s_bi·s′_bi of each picture i, from s and s′, [b][scored picture].</summary>
    internal static double[] MeanProducts(double[][] factors, double[][] otherFactors) =>
        [
            .. Enumerable
                .Range(0, factors[0].Length)
                .Select(i => factors.Zip(otherFactors, (s, t) => s[i] * t[i]).Average()),
        ];
}
