using System.Text;

namespace DasAudit.Cli.Output;

/// <summary>Writes files so that there is the whole file or none.</summary>
internal static class AtomicFile
{
    /// <summary>Writes text as UTF-8 to a file beside, flushes it to disk, and renames it.</summary>
    /// <param name="path">Absolute path; its folder is created, a file there is replaced.</param>
    /// <param name="write">Writes the text.</param>
    public static void Write(string path, Action<TextWriter> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew))
            using (var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
            {
                write(writer);
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
