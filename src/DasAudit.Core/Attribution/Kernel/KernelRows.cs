using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>Rows of features beside a <see cref="RidgeKernel"/>.</summary>
internal sealed class KernelRows : IDisposable
{
    internal KernelRows(Tensor coordinates, Tensor rows) => (Coordinates, Rows) = (coordinates, rows);

    /// <summary>A·V, float64 [m, r].</summary>
    public Tensor Coordinates { get; }

    /// <summary>A, float64 [m, k].</summary>
    public Tensor Rows { get; }

    public void Dispose()
    {
        Coordinates.Dispose();
        Rows.Dispose();
    }
}
