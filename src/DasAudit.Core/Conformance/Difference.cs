using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>How far two tensors are apart, reckoned in double precision.</summary>
/// <param name="MaxAbs">Largest absolute difference.</param>
/// <param name="RelL2">‖actual − expected‖₂ / ‖expected‖₂; the plain norm where expected is zero.</param>
internal readonly record struct Difference(double MaxAbs, double RelL2)
{
    internal static Difference Between(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var expectedValues = expected.detach().cpu().to(ScalarType.Float64);
        var difference = actual.detach().cpu().to(ScalarType.Float64) - expectedValues;
        if (difference.NumberOfElements == 0)
            return default;
        var norm = expectedValues.square().sum().sqrt().item<double>();
        return new(
            difference.abs().max().item<double>(),
            difference.square().sum().sqrt().item<double>() / (norm > 0 ? norm : 1)
        );
    }

    /// <summary>The larger of each; NaN stays, as <see cref="Math.Max(double, double)"/> keeps it.</summary>
    internal Difference Worst(Difference other) => new(Math.Max(MaxAbs, other.MaxAbs), Math.Max(RelL2, other.RelL2));

    internal AdapterCheckResult Result(string name, bool passed, string detail) =>
        new(name, passed, detail, FiniteOrNull(MaxAbs), FiniteOrNull(RelL2));

    private static double? FiniteOrNull(double value) => double.IsFinite(value) ? value : null;
}
