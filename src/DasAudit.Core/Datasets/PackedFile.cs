using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Files;

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
        var entered = new HashSet<string?>(StringComparer.Ordinal) { RealPath.Of(path) };
        var folders = new Queue<(string Path, DirectoryInfo Folder)>([("", new DirectoryInfo(path))]);
        while (folders.TryDequeue(out var next))
        {
            var below = new SortedDictionary<string, DirectoryInfo>(StringComparer.Ordinal);
            foreach (var entry in next.Folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')))
            {
                if (entry is DirectoryInfo folder)
                    below.Add(entry.Name, folder);
                else if (HasEnding(entry.Name, endings))
                    files.Add(new(next.Path + entry.Name, entry.FullName));
            }

            foreach (var (name, folder) in below)
                if (entered.Add(RealPath.Of(folder.FullName)))
                    folders.Enqueue(($"{next.Path}{name}/", folder));
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    /// <summary>Opens it; refuses what Git LFS has put in its place.</summary>
    public FileStream Open()
    {
        var stream = File.OpenRead(FullPath);
        GitLfs.Refuse(stream, Path);
        return stream;
    }

    /// <summary>Whether a name ends so, whatever its case.</summary>
    public static bool HasEnding(string name, params string[] endings) =>
        endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
