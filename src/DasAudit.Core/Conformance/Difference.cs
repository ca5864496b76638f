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
        var (a, b) = (actual.detach().cpu().to(ScalarType.Float64), expected.detach().cpu().to(ScalarType.Float64));
        var difference = a - b;
        if (difference.NumberOfElements == 0)
            return default;
        var norm = b.square().sum().sqrt().item<double>();
        return new(
            difference.abs().max().item<double>(),
            difference.square().sum().sqrt().item<double>() / (norm > 0 ? norm : 1)
        );
    }

    /// <summary>The larger of each.</summary>
    internal Difference Worst(Difference other) => new(Larger(MaxAbs, other.MaxAbs), Larger(RelL2, other.RelL2));

    internal AdapterCheckResult Result(string name, bool passed, string detail) =>
        new(name, passed, detail, Finite(MaxAbs), Finite(RelL2));

    // Math.Max keeps NaN, so a difference that is no number is never lost.
    private static double Larger(double a, double b) => Math.Max(a, b);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
