using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>The memory of float32 tensors on the CPU. Valid as long as the tensor.</summary>
internal static unsafe class NativeFloats
{
    /// <summary>Where a contiguous tensor's values begin.</summary>
    public static float* Pointer(Tensor tensor)
    {
        // One value is asked for, because the span of a large tensor would be too long.
        using var first = tensor.flatten().narrow(0, 0, 1);
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The values of one b of a contiguous tensor [B, …].</summary>
    /// <param name="start">What <see cref="Pointer"/> gave.</param>
    /// <param name="row">b.</param>
    /// <param name="length">Values of one b.</param>
    public static Span<float> Row(float* start, int row, int length) => new(start + (long)row * length, length);
}
