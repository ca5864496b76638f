using System.Text;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Writes files that are there as a whole or not at all; files of the same names are replaced.</summary>
internal static class AtomicFile
{
    internal static void WriteText(string path, string text) =>
        Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));

    internal static void Copy(string source, string target)
    {
        using var original = File.OpenRead(source);
        Write(target, original.CopyTo);
    }

    private static void Write(string path, Action<FileStream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
