using System.Text.RegularExpressions;

namespace DasAudit.Core.Datasets;

/// <summary>Folders whose names kohya's trainer reads as repeats and caption: <c>10_cat</c>.</summary>
internal static partial class KohyaFolders
{
    /// <summary>The caption that the name of a picture's folder states; null for another name.</summary>
    /// <param name="path">Relative to the dataset, with forward slashes.</param>
    public static string? CaptionOf(string path)
    {
        var end = path.LastIndexOf('/');
        if (end < 0)
            return null;
        var folder = path[(path.LastIndexOf('/', end - 1) + 1)..end];
        var match = Name.Match(folder);
        return match.Success ? match.Groups[1].Value.Trim() : null;
    }

    [GeneratedRegex("^[0-9]+_(.*[^ ].*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }
}
