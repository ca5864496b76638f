namespace DasAudit.Evidence.Pages;

/// <summary>
/// Addresses of pages, relative to the page that they stand on: where that page is saved, the token of its address is
/// not in it.
/// </summary>
/// <param name="root">The way to the list.</param>
internal sealed class SiteLinks(string root)
{
    internal const string ReportFolder = "reports";
    internal const string DownloadFolder = "downloads";
    internal const string ComparePage = "compare";

    /// <summary>For the list itself, and what lies beside it.</summary>
    internal static SiteLinks FromList { get; } = new("./");

    /// <summary>For what lies in a folder below the list.</summary>
    internal static SiteLinks FromFolder { get; } = new("../");

    /// <summary>The list of all reports.</summary>
    internal string List => root;

    internal string Compare => root + ComparePage;

    /// <summary>The list, with parameters; those without a value are left out.</summary>
    internal string ListWith(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var pairs = parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}")
            .ToList();
        return pairs.Count == 0 ? root : $"{root}?{string.Join('&', pairs)}";
    }

    internal string Report(string id) => $"{root}{ReportFolder}/{Uri.EscapeDataString(id)}";

    internal string Comparison(string a, string b) =>
        $"{Compare}?a={Uri.EscapeDataString(a)}&b={Uri.EscapeDataString(b)}";

    internal string Download(string id, string ending) => $"{root}{DownloadFolder}/{Uri.EscapeDataString(id)}.{ending}";
}
