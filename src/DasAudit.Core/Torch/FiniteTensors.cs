using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

internal static class FiniteTensors
{
    /// <summary>Whether no value is infinite or not a number.</summary>
    /// <remarks>
    /// Such a value makes the sum one too, which is had many times sooner; only finite values too large to be summed do
    /// that as well.
    /// </remarks>
    public static bool IsFinite(this Tensor values)
    {
        using var scope = NewDisposeScope();
        return double.IsFinite(values.sum().to_type(ScalarType.Float64).item<double>())
            || values.isfinite().all().item<bool>();
    }
}
