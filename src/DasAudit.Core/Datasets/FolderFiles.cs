using System.Text;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Opens files of a dataset's folder, and never of another place, whatever links say.</summary>
/// <param name="folder">Absolute.</param>
internal sealed class FolderFiles(string folder)
{
    private const long LargestText = 1 << 20;

    private readonly Lazy<string> _root = new(() => RealPath.Of(folder) ?? folder);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Within the folder, with forward slashes.</param>
    /// <exception cref="AuditException">It lies elsewhere, is no file, or cannot be opened.</exception>
    public Stream Open(string path)
    {
        if (RealPath.Of(Path.Combine(folder, path)) is not { } real || !RealPath.IsInside(real, _root.Value))
            throw new AuditException("It lies outside the dataset folder, so what it says of rights was not read.");
        try
        {
            // A pipe has no length, and opening it could wait for ever.
            if (new FileInfo(real) is not { Exists: true, Length: > 0 })
                throw new AuditException("It is empty, or no file.");
            return File.OpenRead(real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    /// <summary>A text file, of UTF-8 with or without faults; null where there is none.</summary>
    /// <param name="path">Within the folder, with forward slashes.</param>
    /// <exception cref="AuditException">There is one, and it cannot be read or is too long.</exception>
    public string? ReadText(string path)
    {
        if (!File.Exists(Path.Combine(folder, path)))
            return null;
        using var file = Open(path);
        if (file.Length > LargestText)
            throw new AuditException(
                $"It is larger than {LargestText >> 20} MiB, so what it says of rights was not read."
            );
        using var text = new StreamReader(file, Encoding.UTF8);
        try
        {
            return text.ReadToEnd();
        }
        catch (IOException e)
        {
            throw Unreadable(e);
        }
    }

    private static AuditException Unreadable(Exception cause) =>
        new($"It cannot be read ({cause.Message.TrimEnd('.')}); check its permissions.", cause);
}
