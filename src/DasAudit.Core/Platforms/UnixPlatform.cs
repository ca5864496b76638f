using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DasAudit.Core.Platforms;

/// <summary>What Linux and macOS have in common.</summary>
[UnsupportedOSPlatform("windows")]
internal abstract partial class UnixPlatform : Platform
{
    // .NET knows the full name of each system's C library by this one.
    private const string C = "libc";
    private const int ReadOnlyAccess = 0;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    // Values of errno, which IOException carries as its HResult, and which both systems give the same number.
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;

    /// <summary>EWOULDBLOCK.</summary>
    private protected abstract int WouldBlock { get; }

    /// <summary>EDQUOT.</summary>
    private protected abstract int QuotaExceeded { get; }

    public override bool IsHeld(IOException error) => error.HResult == WouldBlock;

    public override bool IsFull(IOException error) =>
        error.HResult is NoSpace or FileTooBig || error.HResult == QuotaExceeded;

    public override bool IsReadOnly(IOException error) => error.HResult == ReadOnlyFileSystem;

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

    public override void CreatePrivateFolder(string path) =>
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    public override FileStream CreatePrivateFile(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }
        );

    public override string? CommandToMakePrivate(string path) =>
        (File.GetUnixFileMode(path) & Others) == 0 ? null : $"chmod 600 '{path}'";

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(C)]
    private static partial int fsync(int file);

    [LibraryImport(C)]
    private static partial int close(int file);
}
