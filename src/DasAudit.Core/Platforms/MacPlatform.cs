using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DasAudit.Core.Platforms;

/// <summary>macOS on Apple's processors.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class MacPlatform : UnixPlatform
{
    private const string C = "libSystem.dylib";
    private const int ReadOnlyAccess = 0;

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

    // The C library's environment, which .NET does not write to.
    public override void SetVariable(string name, string value, bool overwrite) =>
        _ = setenv(name, value, overwrite ? 1 : 0);

    public override void FlushFolder(string folder)
    {
        var file = open(folder, ReadOnlyAccess);
        if (file < 0)
            return;
        _ = fsync(file);
        _ = close(file);
    }

    private protected override bool IsSystem(string description) => OperatingSystem.IsMacOS();

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(C)]
    private static partial int fsync(int file);

    [LibraryImport(C)]
    private static partial int close(int file);
}
