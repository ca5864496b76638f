namespace DasAudit.Evidence.Exports.Html;

/// <summary>The style sheets, embedded resources, and what stands below each printed page.</summary>
internal static class StyleSheet
{
    /// <summary>The style sheet of reports.</summary>
    internal static string Read() => Read("DasAudit.Evidence.Exports.Html.report.css");

    internal static string Read(string resource)
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return "\n" + reader.ReadToEnd();
    }

    /// <summary>The style that puts a report's id below each page on paper.</summary>
    internal static string PrintedFooter(string id)
    {
        // Whatever is no letter or digit would be CSS.
        var label = id.All(char.IsAsciiLetterOrDigit) ? $"das-audit report {id}" : "das-audit report";
        return $"\n@page {{ @bottom-left {{ content: \"{label}\"; }} }}\n";
    }
}
