using System.IO.Enumeration;
using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Datasets;

/// <summary>A file that may hold packed pictures.</summary>
/// <param name="Path">Within the dataset, with forward slashes; what messages call it.</param>
/// <param name="FullPath">Absolute.</param>
internal sealed record PackedFile(string Path, string FullPath)
{
    /// <summary>The files with one of some endings in a folder and below it, in order; or the file itself.</summary>
    /// <remarks>Without hidden names; a folder that links make reachable twice is entered once.</remarks>
    public static IReadOnlyList<PackedFile> Find(string path, string[] endings)
    {
        if (File.Exists(path))
            return HasEnding(path, endings) ? [new(System.IO.Path.GetFileName(path), path)] : [];
        if (!Directory.Exists(path))
            return [];
        var files = new List<PackedFile>();
        var entered = new HashSet<string?>(Platform.Current.NameComparer) { RealPath.Of(path) };
        var folders = new Queue<(string Path, string FullPath)>([("", path)]);
        while (folders.TryDequeue(out var next))
        {
            var entries = FoldersAndPackedFiles(next.FullPath, endings);
            foreach (var (name, isFolder) in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                var fullPath = System.IO.Path.Combine(next.FullPath, name);
                if (!isFolder)
                    files.Add(new(next.Path + name, fullPath));
                else if (entered.Add(RealPath.Of(fullPath)))
                    folders.Enqueue(($"{next.Path}{name}/", fullPath));
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    // Names of the many other files are never made into texts.
    private static FileSystemEnumerable<Entry> FoldersAndPackedFiles(string folder, string[] endings) =>
        new(
            folder,
            (ref FileSystemEntry entry) => new(entry.FileName.ToString(), entry.IsDirectory),
            new() { AttributesToSkip = 0 }
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                !entry.FileName.StartsWith('.') && (entry.IsDirectory || HasEnding(entry.FileName, endings)),
        };

    /// <summary>Opens it; refuses what Git LFS has put in its place.</summary>
    public FileStream Open()
    {
        var stream = File.OpenRead(FullPath);
        GitLfs.Refuse(stream, Path);
        return stream;
    }

    /// <summary>Whether a name ends so, whatever its case.</summary>
    public static bool HasEnding(ReadOnlySpan<char> name, params string[] endings)
    {
        foreach (var ending in endings)
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    private readonly record struct Entry(string Name, bool IsFolder);
}
