using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;

namespace DasAudit.Core.Platforms;

/// <summary>Windows 10 and later.</summary>
internal sealed partial class WindowsPlatform : Platform
{
    // Names of devices, whatever follows after a dot.
    private static readonly FrozenSet<string> Devices = (
        (string[])
            ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })]
    ).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public override string System => "Windows";

    public override Architecture Architecture => Architecture.X64;

    public override NativeFiles Files { get; } =
        new(
            LibTorchFolder: "",
            ["libiomp5md.dll", "c10.dll", "torch_cpu.dll", "LibTorchSharp.dll"],
            TorchCpu: "torch_cpu.dll",
            LibTorchSharp: "LibTorchSharp.dll",
            OnnxRuntime: "onnxruntime.dll",
            Skia: "libSkiaSharp.dll"
        );

    public override bool CollectsEvents => true;

    public override StringComparison NameComparison => StringComparison.OrdinalIgnoreCase;

    public override string Slashed(string path) => path.Replace('\\', '/');

    public override bool CanName(string name) =>
        name.Length > 0
        && name.IndexOfAny(['<', '>', ':', '"', '/', '\\', '|', '?', '*']) < 0
        && !name.Any(c => c < ' ')
        && name[^1] is not ('.' or ' ')
        && !Devices.Contains(name.Split('.')[0].TrimEnd(' '));

    // The libraries ask Windows, not their C library, and .NET tells Windows.
    public override void SetVariable(string name, string value, bool overwrite)
    {
        if (overwrite || Environment.GetEnvironmentVariable(name) is null)
            Environment.SetEnvironmentVariable(name, value);
    }

    public override void ShowUtf8()
    {
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            // There is no console, only a program that reads.
        }
    }

    public override long? FreeMemory()
    {
        var status = new MemoryStatus { Length = (uint)Marshal.SizeOf<MemoryStatus>() };
        return GlobalMemoryStatusEx(ref status) ? (long)status.FreePhysical : null;
    }

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    public override bool IsHeld(IOException error) => Code(error) is 32 or 33;

    // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE and ERROR_DISK_QUOTA_EXCEEDED.
    public override bool IsFull(IOException error) => Code(error) is 39 or 112 or 223 or 1295;

    // ERROR_WRITE_PROTECT.
    public override bool IsReadOnly(IOException error) => Code(error) is 19;

    public override void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            WindowsAccess.CreateFolder(path);
    }

    public override FileStream CreatePrivateFile(string path) =>
        OperatingSystem.IsWindows() ? WindowsAccess.CreateFile(path) : throw new PlatformNotSupportedException();

    public override string? CommandToMakePrivate(string path) =>
        OperatingSystem.IsWindows() && WindowsAccess.IsOpenToOthers(path) ? CommandFor(path) : null;

    internal static string CommandFor(string path) => $"icacls \"{path}\" /inheritance:r /grant:r \"%USERNAME%:F\"";

    private protected override bool IsSystem(string description) => OperatingSystem.IsWindows();

    // HRESULT_FROM_WIN32.
    private static int? Code(IOException error) =>
        (error.HResult & 0xffff0000) == 0x80070000 ? error.HResult & 0xffff : null;

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong Physical;
        public ulong FreePhysical;
        public ulong PageFile;
        public ulong FreePageFile;
        public ulong Virtual;
        public ulong FreeVirtual;
        public ulong FreeExtended;
    }
}
