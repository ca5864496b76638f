using System.Runtime.InteropServices;

namespace DasAudit.Cli.Native;

/// <summary>
/// Turns libtorch's NNPACK off. Where the processor is none that NNPACK knows, as in many virtual machines, libtorch complains on standard
/// error at every convolution; and where it is, the figures would differ from those of other machines.
/// </summary>
internal static class NnPack
{
    /// <summary>Does what <c>torch.backends.nnpack.set_flags(False)</c> does in Python, for which TorchSharp has no equivalent.</summary>
    /// <param name="torchCpu">Handle of libtorch_cpu.so. A libtorch without these functions stays as it is.</param>
    public static unsafe void TurnOff(nint torchCpu)
    {
        if (!NativeLibrary.TryGetExport(torchCpu, "_ZN2at13globalContextEv", out var globalContext)
            || !NativeLibrary.TryGetExport(torchCpu, "_ZN2at7Context20setUserEnabledNNPACKEb", out var setEnabled)) return;
        var context = ((delegate* unmanaged<nint>)globalContext)();
        ((delegate* unmanaged<nint, byte, void>)setEnabled)(context, 0);
    }
}
