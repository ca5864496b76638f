namespace DasAudit.Evidence.Exports.Html;

/// <summary>The style sheets, embedded resources.</summary>
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
}
