using System.Runtime.InteropServices;

namespace DasAudit.Core.Platforms;

/// <summary>
/// How the C library's heap treats freed memory. By default glibc returns large blocks to the system at once, and the
/// next batch pays for every page again: measured, up to half of the time. With another C library nothing is done.
/// </summary>
internal static partial class GlibcHeap
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int MostArenas = -8;

    /// <summary>Keeps freed memory for the next batch, until <see cref="Return"/>.</summary>
    public static void Keep() =>
        IfGlibc(() =>
        {
            // One heap for all threads: others come in pieces of 64 MB, which larger tensors do not fit.
            _ = Option(MostArenas, 1);
            _ = Option(TrimThreshold, int.MaxValue);
            // Older versions take no more than 32 MB, and would keep to 128 KB, since the trim threshold is set.
            if (Option(MmapThreshold, 1 << 30) == 0)
                _ = Option(MmapThreshold, 32 << 20);
        });

    /// <summary>Gives free memory back to the system.</summary>
    public static void Return() => IfGlibc(() => _ = Trim(0));

    private static void IfGlibc(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, such as musl, knows no such settings.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Option(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
