using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>How far what was computed may be from what a reference run computed.</summary>
internal static class GoldenTolerance
{
    /// <summary>Of outputs, relative to the expected root mean square (at least 1).</summary>
    public const double Output = 1e-4;

    /// <summary>
    /// Likewise, of what an encoder gives before it is scaled: it has a standard deviation of some units.
    /// </summary>
    public const double Unscaled = 2e-4;

    /// <summary>Likewise, of the forward process, which has next to nothing to sum.</summary>
    public const double Process = 1e-5;

    /// <summary>Of each row of gradients, in relative L2 norm.</summary>
    public const double Gradient = 1e-4;

    /// <summary>Compares an output.</summary>
    /// <param name="tolerance">Relative to the expected root mean square, at least 1.</param>
    public static AdapterCheckResult Compare(GoldenTensor golden, Tensor actual, double tolerance)
    {
        var expected = golden.Read(ScalarType.Float32);
        if (!actual.shape.SequenceEqual(expected.shape))
            return new(
                golden.CheckName,
                false,
                $"it has the shape [{string.Join(", ", actual.shape)}], not [{string.Join(", ", expected.shape)}]"
            );
        var difference = Difference.Between(actual, expected);
        var allowed = tolerance * Math.Max(1, expected.square().mean().sqrt().item<float>());
        return difference.Result(
            golden.CheckName,
            difference.MaxAbs <= allowed,
            $"outputs differ by {difference.MaxAbs:E1} ({allowed:E1} allowed)"
        );
    }
}
