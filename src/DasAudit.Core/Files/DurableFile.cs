using DasAudit.Core.Platforms;

namespace DasAudit.Core.Files;

/// <summary>
/// Replaces files so that even a power failure leaves the old or the new one: written beside as <c>FILE.new</c>,
/// flushed to disk, renamed, and the folder flushed too. For files that one process at a time writes; what a killed
/// process leaves beside is overwritten the next time.
/// </summary>
public static class DurableFile
{
    /// <summary>Where a file is written before it takes its place.</summary>
    public static string Beside(string path) => path + ".new";

    /// <summary>Writes a file; one that is there is replaced.</summary>
    /// <param name="path">In a folder that exists.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using (var stream = new FileStream(Beside(path), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(Beside(path), path, overwrite: true);
        FlushFolder(path);
    }

    /// <summary>Makes the names in a file's folder durable.</summary>
    public static void FlushFolder(string path) =>
        Platform.Current.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
}
