namespace DasAudit.Evidence.Exports.Html;

/// <summary>The style sheet, an embedded resource.</summary>
internal static class StyleSheet
{
    internal static string Read()
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream(
            "DasAudit.Evidence.Exports.Html.report.css"
        )!;
        using var reader = new StreamReader(stream);
        return "\n" + reader.ReadToEnd();
    }
}
