using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The style sheet, an embedded resource, and what stands below each printed page.</summary>
internal static class StyleSheet
{
    internal static string For(ReportDocument document) => Read() + PrintedFooter(document.Id);

    private static string PrintedFooter(string id)
    {
        // Whatever is no letter or digit would be CSS.
        var label = id.All(char.IsAsciiLetterOrDigit) ? $"das-audit report {id}" : "das-audit report";
        return $"@page {{ @bottom-left {{ content: \"{label}\"; }} }}\n";
    }

    private static string Read()
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream(
            "DasAudit.Evidence.Exports.Html.report.css"
        )!;
        using var reader = new StreamReader(stream);
        return "\n" + reader.ReadToEnd();
    }
}
