using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DasAudit.Core.Platforms;

/// <summary>macOS on Apple's processors.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class MacPlatform : UnixPlatform
{
    public override string System => "macOS";

    public override Architecture Architecture => Architecture.Arm64;

    /// <summary>
    /// libomp comes first: libtorch asks for it by a path of Homebrew's, which is its name inside. LibTorchSharp loads
    /// the others, which only it knows where to find.
    /// </summary>
    public override NativeFiles Files { get; } =
        new(
            LibTorchFolder: "",
            ["libomp.dylib", "libLibTorchSharp.dylib", "libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"],
            TorchCpu: "libtorch_cpu.dylib",
            LibTorchSharp: "libLibTorchSharp.dylib",
            OnnxRuntime: "libonnxruntime.dylib",
            Skia: "libSkiaSharp.dylib"
        );

    public override StringComparison NameComparison => StringComparison.OrdinalIgnoreCase;

    private protected override int WouldBlock => 35;

    private protected override int QuotaExceeded => 69;

    private protected override bool IsSystem(string description) => OperatingSystem.IsMacOS();
}
