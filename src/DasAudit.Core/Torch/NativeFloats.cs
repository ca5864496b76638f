using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>The memory of float32 tensors on the CPU. Valid as long as the tensor.</summary>
internal static unsafe partial class NativeFloats
{
    /// <summary>Where a contiguous tensor's values begin. TorchSharp's spans are slow and too short.</summary>
    public static float* Pointer(Tensor tensor) => (float*)Data(tensor.Handle);

    /// <summary>Values of one b of a contiguous [B, …] that begins at start; row is b, length its values.</summary>
    public static Span<float> Row(float* start, int row, int length) => new(start + (long)row * length, length);

    /// <summary>All values of a contiguous tensor.</summary>
    public static Span<float> Values(Tensor tensor) => new(Pointer(tensor), checked((int)tensor.numel()));

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial IntPtr Data(IntPtr tensor);
}
