namespace DasAudit.Core.Curvature;

/// <summary>Influences ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), [replicate][query][row]; larger = the picture helps.</summary>
/// <param name="Kronecker">H by K-FAC.</param>
/// <param name="Corrected">H by EK-FAC.</param>
internal sealed record EkfacScores(double[][][] Kronecker, double[][][] Corrected)
{
    /// <summary>Those of some queries, which share the numbers.</summary>
    internal EkfacScores Of(IReadOnlyList<int> queries)
    {
        return new(Chosen(Kronecker), Chosen(Corrected));

        double[][][] Chosen(double[][][] scores) =>
            [.. scores.Select(replicate => queries.Select(query => replicate[query]).ToArray())];
    }

    internal static EkfacScores Zeros(int replicates, int queries, int rows)
    {
        return new(Table(), Table());

        double[][][] Table() =>
            [
                .. Enumerable
                    .Range(0, replicates)
                    .Select(_ => Enumerable.Range(0, queries).Select(_ => new double[rows]).ToArray()),
            ];
    }
}
