using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>A file that may hold packed pictures.</summary>
/// <param name="Path">Within the dataset, with forward slashes; what messages call it.</param>
/// <param name="FullPath">Absolute.</param>
internal sealed record PackedFile(string Path, string FullPath)
{
    /// <summary>The files with one of some endings in a folder and its sub-folders, in ordinal order; or the file itself.</summary>
    /// <remarks>Without hidden names and links to folders, as <see cref="PictureFolder"/> walks.</remarks>
    public static IReadOnlyList<PackedFile> Find(string path, string[] endings)
    {
        if (File.Exists(path))
            return HasEnding(path, endings) ? [new(System.IO.Path.GetFileName(path), path)] : [];
        if (!Directory.Exists(path))
            return [];
        var files = new List<PackedFile>();
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in new DirectoryInfo(System.IO.Path.Combine(path, folder)).EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.'))
                    continue;
                var relative = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (Directory.Exists(entry.FullName))
                {
                    if (entry.LinkTarget is null)
                        folders.Push(relative);
                }
                else if (HasEnding(entry.Name, endings))
                {
                    files.Add(new(relative, entry.FullName));
                }
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    /// <summary>Opens it; refuses what Git LFS has put in its place.</summary>
    public FileStream Open()
    {
        var stream = File.OpenRead(FullPath);
        Span<byte> start = stackalloc byte[64];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (!UnreadableContents.IsGitLfsPointer(start[..length]))
            return stream;
        stream.Dispose();
        throw new AuditException(
            $"'{Path}' is a Git LFS pointer, not the file itself; fetch the files with 'git lfs pull'."
        );
    }

    /// <summary>Whether a name ends so, whatever its case.</summary>
    public static bool HasEnding(string name, params string[] endings) =>
        endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
