using DasAudit.Core.Attribution.Damping;

namespace DasAudit.Testing;

/// <summary>Given damping, for tests that know what it leads to.</summary>
internal sealed record Damped(params double[] Values) : IDampingRule
{
    public IReadOnlyList<double> Choose(DampingProblem problem) => Values;
}
