using System.Globalization;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// λ = C·tr(G)/min(n, k), C times the mean eigenvalue of the smaller of G = ΦΦᵀ and ΦᵀΦ, zeros counted, as in
/// kronfluence, bergson and DataInf with C = 0.1. Free of the features' scale, but far too little for a steep spectrum.
/// </summary>
/// <param name="Factor">C, more than 0.</param>
internal sealed record MeanEigenvalue(double Factor) : IDampingRule
{
    public IReadOnlyList<double> Choose(DampingProblem problem)
    {
        var kernel = problem.Kernel;
        return [Factor * kernel.Eigenvalues.Sum() / Math.Min(kernel.Count, kernel.Dimension)];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"trace:{Factor}");
}
