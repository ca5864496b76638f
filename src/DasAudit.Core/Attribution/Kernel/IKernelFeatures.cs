using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>Φ [n, k] of a kernel, in memory or streamed. Tensors are float64, in the caller's scope.</summary>
internal interface IKernelFeatures : IDisposable
{
    /// <summary>n.</summary>
    int Count { get; }

    /// <summary>k.</summary>
    int Dimension { get; }

    /// <summary>Whether rows in the kernel's coordinates, n·r numbers, can be kept.</summary>
    bool KeepsCoordinates { get; }

    /// <summary>ΦΦᵀ, [n, n], on a device.</summary>
    Tensor Gram(Device device);

    /// <summary>ΦᵀΦ, [k, k], on a device.</summary>
    Tensor SecondMoment(Device device);

    /// <summary>A·Φᵀ, [m, n], in double precision.</summary>
    Tensor Products(Tensor rows);

    /// <summary>W·Φ, [m, k].</summary>
    Tensor Combine(Tensor weights);

    /// <summary>A·Φᵀ, [m, n], as fast as can be.</summary>
    Tensor FastProducts(Tensor rows);

    /// <summary>‖φ_iᵀB‖² of each row, [n], with B [k, r].</summary>
    Tensor SquaredNorms(Tensor basis);
}
