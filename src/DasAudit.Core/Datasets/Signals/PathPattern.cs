namespace DasAudit.Core.Datasets.Signals;

/// <summary>A pattern of paths, as robots.txt has them (RFC 9309, 2.2.3).</summary>
/// <remarks>It fits a path that begins like it; <c>*</c> stands for anything, a last <c>$</c> for the end.</remarks>
internal static class PathPattern
{
    /// <summary>Whether a pattern fits a path.</summary>
    /// <param name="path">From the folder that the pattern stands in, with a slash first.</param>
    public static bool Fits(string pattern, string path)
    {
        var isWhole = pattern.EndsWith('$');
        var parts = (isWhole ? pattern[..^1] : pattern).Split('*');
        if (!path.StartsWith(parts[0], StringComparison.Ordinal))
            return false;
        var position = parts[0].Length;
        // The first place of each part is the best one: it leaves most to those behind it.
        for (var i = 1; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            if (isLast && isWhole)
                return path.Length - position >= parts[i].Length && path.EndsWith(parts[i], StringComparison.Ordinal);
            var place = path.IndexOf(parts[i], position, StringComparison.Ordinal);
            if (place < 0)
                return false;
            position = place + parts[i].Length;
        }

        return !isWhole || position == path.Length;
    }
}
