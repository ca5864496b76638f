namespace DasAudit.Core.Files;

/// <summary>Where a path leads when every link on the way is followed.</summary>
internal static class RealPath
{
    private const int MaximumLinks = 40;

    /// <summary>The absolute path without links; null if something on the way is not there or the links form a loop.</summary>
    public static string? Of(string path)
    {
        path = Path.GetFullPath(path);
        var root = Path.GetPathRoot(path)!;
        var (real, left) = (root, new Stack<string>(Parts(path[root.Length..])));
        for (var links = 0; left.TryPop(out var part); )
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (entry.LinkTarget is not { } target)
            {
                if (!entry.Exists)
                    return null;
                real = next;
                continue;
            }

            if (++links > MaximumLinks)
                return null;
            if (Path.IsPathRooted(target))
                (real, target) = (root, target[Path.GetPathRoot(target)!.Length..]);
            foreach (var step in Parts(target))
                left.Push(step);
        }

        return real;
    }

    /// <summary>Whether a path without links lies in or is a folder without links.</summary>
    public static bool IsInside(string path, string folder) =>
        path == folder
        || path.StartsWith(
            Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );

    /// <summary>The parts of a path, last first, as a stack is filled.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").Reverse();
}
