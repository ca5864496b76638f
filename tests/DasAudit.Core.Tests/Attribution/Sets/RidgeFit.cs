using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Sets;

/// <summary>
/// Ridge regression fitted from scratch by Cholesky decomposition of K, independent of the code under test.
/// </summary>
internal sealed record RidgeFit(double[][] Features, double[] Targets, double[] Query, double Damping)
{
    /// <summary>With targets of which given residuals r remain: y = r + Φ·Φᵀr/λ.</summary>
    internal static RidgeFit OfResiduals(double[][] features, double[] residuals, double[] query, double damping)
    {
        var phi = Matrix<double>.Build.DenseOfRowArrays(features);
        var r = Vector<double>.Build.Dense(residuals);
        return new(features, [.. r + phi * phi.TransposeThisAndMultiply(r) / damping], query, damping);
    }

    /// <summary>
    /// Posterior variance at the query of a Gaussian process without some pictures: k(z, z) − k_zᵀ·(G + λI)⁻¹·k_z.
    /// </summary>
    internal double Variance(params IReadOnlyCollection<int> without)
    {
        var left = Enumerable.Range(0, Targets.Length).Except(without).Select(i => Features[i]).ToList();
        var query = Vector<double>.Build.Dense(Query);
        if (left.Count == 0)
            return query * query;
        var phi = Matrix<double>.Build.DenseOfRowArrays(left);
        var toQuery = phi * query;
        return query * query
            - toQuery
                * (phi * phi.Transpose() + Damping * Matrix<double>.Build.DenseIdentity(left.Count))
                    .Cholesky()
                    .Solve(toQuery);
    }

    /// <summary>f(z; θ) of a fit without some pictures.</summary>
    internal double Output(params IReadOnlyCollection<int> without)
    {
        var left = Enumerable.Range(0, Targets.Length).Except(without).ToList();
        if (left.Count == 0)
            return 0;
        var phi = Matrix<double>.Build.Dense(left.Count, Query.Length, (r, c) => Features[left[r]][c]);
        var y = Vector<double>.Build.Dense(left.Count, r => Targets[left[r]]);
        return Solve(phi, phi.TransposeThisAndMultiply(y)) * Vector<double>.Build.Dense(Query);
    }

    /// <summary>A(R) = f(z; θ) − f(z; θ∖R).</summary>
    internal double Influence(params IReadOnlyCollection<int> set) => Output([]) - Output(set);

    internal double[] Residuals()
    {
        var phi = Matrix<double>.Build.DenseOfRowArrays(Features);
        var y = Vector<double>.Build.Dense(Targets);
        return [.. y - phi * Solve(phi, phi.TransposeThisAndMultiply(y))];
    }

    private Vector<double> Solve(Matrix<double> phi, Vector<double> b) =>
        (phi.TransposeThisAndMultiply(phi) + Damping * Matrix<double>.Build.DenseIdentity(Query.Length))
            .Cholesky()
            .Solve(b);
}
