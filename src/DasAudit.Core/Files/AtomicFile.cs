using System.Text;

namespace DasAudit.Core.Files;

/// <summary>Files that are there whole or not at all: written beside, flushed, renamed into place.</summary>
public static class AtomicFile
{
    /// <summary>Writes bytes.</summary>
    /// <param name="path">A file there is replaced; its folder is created if it is missing.</param>
    public static void Write(string path, byte[] bytes) => Write(path, (Stream file) => file.Write(bytes));

    /// <summary>Writes UTF-8 text without a byte order mark, with line feeds.</summary>
    public static void Write(string path, Action<TextWriter> write) =>
        Write(
            path,
            (Stream file) =>
            {
                using var writer = new StreamWriter(
                    file,
                    new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                    leaveOpen: true
                )
                {
                    NewLine = "\n",
                };
                write(writer);
            }
        );

    /// <summary>Writes what comes bit by bit.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        var beside = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            // Renamed while it is open, hence locked: others can tell a file that is being written from one that a
            // killed process left.
            using var file = new FileStream(
                beside,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.Read | FileShare.Delete
            );
            write(file);
            file.Flush(flushToDisk: true);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
