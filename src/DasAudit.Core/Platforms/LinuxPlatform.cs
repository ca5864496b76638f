using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DasAudit.Core.Platforms;

/// <summary>Linux with glibc.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LinuxPlatform : UnixPlatform
{
    private const string MemoryFile = "/proc/meminfo";

    public override string System => "Linux";

    public override Architecture Architecture => Architecture.X64;

    /// <summary>Each library of libtorch stands after what it depends on.</summary>
    public override NativeFiles Files { get; } =
        new(
            LibTorchFolder: "libtorch",
            [
                "libgomp-98b21ff3.so.1",
                "libc10.so",
                "libtorch_global_deps.so",
                "libtorch_cpu.so",
                "libtorch.so",
                "libLibTorchSharp.so",
            ],
            TorchCpu: "libtorch_cpu.so",
            LibTorchSharp: "libLibTorchSharp.so",
            OnnxRuntime: "libonnxruntime.so",
            Skia: "libSkiaSharp.so"
        );

    public override bool TakesOtherLibTorch => true;

    public override StringComparison NameComparison => StringComparison.Ordinal;

    private protected override int WouldBlock => 11;

    private protected override int QuotaExceeded => 122;

    public override long? FreeMemory() => File.Exists(MemoryFile) ? AvailableMemory(File.ReadLines(MemoryFile)) : null;

    public override void KeepFreedMemory() => GlibcHeap.Keep();

    public override void ReturnFreedMemory() => GlibcHeap.Return();

    internal override FileStamp? Stamp(string path) => LinuxFileStatus.Read(path);

    /// <summary>Bytes that /proc/meminfo says are available; null if it does not.</summary>
    internal static long? AvailableMemory(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            ? long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024
            : null;
    }

    private protected override bool IsSystem(string description) => OperatingSystem.IsLinux();
}
