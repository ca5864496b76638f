using System.Globalization;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>λ as given, in the units of the features: of use to repeat published figures.</summary>
/// <param name="Damping">λ, at least 0; 0 stands for the pseudoinverse.</param>
internal sealed record FixedDamping(double Damping) : IDampingRule
{
    public IReadOnlyList<double> Choose(DampingProblem problem) => [Damping];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"fixed:{Damping}");
}
