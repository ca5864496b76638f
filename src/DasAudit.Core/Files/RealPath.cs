using DasAudit.Core.Platforms;

namespace DasAudit.Core.Files;

/// <summary>Where a path leads when every link on the way is followed.</summary>
internal static class RealPath
{
    private const int MaximumLinks = 40;

    /// <summary>The absolute path without links; null if a step is not there or the links form a loop.</summary>
    public static string? Of(string path)
    {
        var absolute = Path.GetFullPath(path);
        var root = Path.GetPathRoot(absolute)!;
        var real = root;
        var steps = new Stack<string>(StepsFromLast(absolute[root.Length..]));
        var links = 0;
        while (steps.TryPop(out var step))
        {
            if (step == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = Path.Combine(real, step);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            var target = entry.LinkTarget;
            if (target is null)
            {
                if (!entry.Exists)
                    return null;
                real = next;
                continue;
            }

            links++;
            if (links > MaximumLinks)
                return null;
            if (Path.IsPathRooted(target))
            {
                real = root = Path.GetPathRoot(target)!;
                target = target[root.Length..];
            }

            foreach (var further in StepsFromLast(target))
                steps.Push(further);
        }

        return real;
    }

    /// <summary>Whether a path without links lies in or is a folder without links.</summary>
    public static bool IsInside(string path, string folder) =>
        path.Equals(folder, Platform.Current.NameComparison)
        || path.StartsWith(
            Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            Platform.Current.NameComparison
        );

    /// <summary>The names in a path, last first, as a stack is filled.</summary>
    private static IEnumerable<string> StepsFromLast(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name != ".")
            .Reverse();
}
