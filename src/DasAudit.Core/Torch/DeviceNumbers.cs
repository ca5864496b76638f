using System.Runtime.InteropServices;
using DasAudit.Core.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>In which numbers a GPU computes products, and that it does so in the same order each time.</summary>
public sealed partial class DeviceNumbers : IDisposable
{
    private DeviceNumbers() { }

    /// <summary>
    /// float32 without rounding, and kernels that always sum in one order; before anything is computed.
    /// </summary>
    /// <returns>Whether two runs on one machine give the same bits.</returns>
    public static bool Begin(DeviceType device)
    {
        if (device == DeviceType.CPU)
            return true;
        AllowRounding(false);
        try
        {
            var context = Context();
            SetDeterministic(context, true);
            SetBenchmark(context, false);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Lets products be rounded to TensorFloat32 until this is disposed.</summary>
    /// <exception cref="AuditException">The device is a processor.</exception>
    public static DeviceNumbers UseTensorFloat32(DeviceType device)
    {
        if (device == DeviceType.CPU)
            throw new AuditException(
                $"{Settings.Name("precision")} tf32 is what NVIDIA GPUs have; choose f32 or bf16 on a processor, or "
                    + $"another {Settings.Name("device")}."
            );
        AllowRounding(true);
        return new();
    }

    /// <summary>Products are float32 again.</summary>
    public void Dispose() => AllowRounding(false);

    private static void AllowRounding(bool allowed)
    {
        backends.cuda.matmul.allow_tf32 = allowed;
        backends.cudnn.allow_tf32 = allowed;
    }

    // TorchSharp has no names for these functions of libtorch.
    [LibraryImport("libtorch_cpu.so", EntryPoint = "_ZN2at13globalContextEv")]
    private static partial IntPtr Context();

    [LibraryImport("libtorch_cpu.so", EntryPoint = "_ZN2at7Context21setDeterministicCuDNNEb")]
    private static partial void SetDeterministic(IntPtr context, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport("libtorch_cpu.so", EntryPoint = "_ZN2at7Context17setBenchmarkCuDNNEb")]
    private static partial void SetBenchmark(IntPtr context, [MarshalAs(UnmanagedType.U1)] bool value);
}
