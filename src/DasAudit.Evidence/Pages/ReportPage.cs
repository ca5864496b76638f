using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Pages;

/// <summary>
/// A report as the HTML export has it, below what leads on from it: whether it is what was stored, its other forms, and
/// reports to compare it with.
/// </summary>
/// <param name="record">Its record in the store's chain, which it was compared with; null for none.</param>
/// <param name="downloads">What it can be had as: names, and endings of the files.</param>
/// <param name="comparable">Reports to compare it with.</param>
internal sealed class ReportPage(
    StoredReport report,
    ChainRecord? record,
    IReadOnlyList<(string Name, string Ending)> downloads,
    IReadOnlyList<ReportSummary> comparable
)
{
    private const string SuggestionsId = "suggestions-reports";
    private static readonly SiteLinks Links = SiteLinks.FromFolder;

    internal byte[] Write() =>
        SitePage.Text(writer => HtmlExporter.Export(report, writer, new(SiteStyle.WriteSite, WriteTop)));

    private void WriteTop(HtmlWriter html)
    {
        SitePage.WriteNavigation(html, Links, report.Report.Id);
        using var tools = html.Open("aside", ("class", "tools"), ("aria-label", "About this report"));
        WriteVerification(html);
        WriteDownloads(html);
        WriteCompare(html);
        WriteRelated(html);
    }

    private void WriteVerification(HtmlWriter html)
    {
        using var details = html.Open("details", ("class", "verified"));
        using (html.Open("summary"))
        {
            html.Element("span", "✓", ("class", "mark"), ("aria-hidden", "true"));
            html.Text(" Verified: this is the report that was stored");
        }

        if (record is null)
        {
            html.Element(
                "p",
                "Its text and pictures have the hashes that were stored with them. The store is of an "
                    + "older das-audit and has no chain of records.",
                ("class", "small muted")
            );
            return;
        }

        html.Element(
            "p",
            "Its text, its pictures, its record and the records beside that were compared with their "
                + "hashes when this page was made, and the end of the chain with the store’s .head file. 'store check' "
                + "verifies all records.",
            ("class", "small muted")
        );
        using var list = html.Open("dl", ("class", "small"));
        WriteFact(html, "Record", Figures.Count(record.Sequence));
        WriteFact(html, "SHA-256 of its text", record.Sha256);
        WriteFact(html, "SHA-256 of its record", record.Hash);
    }

    private static void WriteFact(HtmlWriter html, string name, string value)
    {
        html.Element("dt", name);
        html.Element("dd", value, ("class", "path"));
    }

    private void WriteDownloads(HtmlWriter html)
    {
        using var line = html.Open("p", ("class", "downloads"));
        html.Element("span", "Download", ("class", "muted"));
        foreach (var (name, ending) in downloads)
            html.Element("a", name, ("href", Links.Download(report.Report.Id, ending)), ("download", ""));
    }

    private void WriteCompare(HtmlWriter html)
    {
        using var form = html.Open("form", ("method", "get"), ("action", Links.Compare), ("class", "compare"));
        html.Void("input", ("type", "hidden"), ("name", "a"), ("value", report.Report.Id));
        using (html.Open("label"))
        {
            html.Element("span", "Compare with report", ("class", "muted"));
            html.Void(
                "input",
                ("type", "text"),
                ("name", "b"),
                ("required", ""),
                ("list", SuggestionsId),
                ("placeholder", "id, or a beginning"),
                ("autocomplete", "off"),
                ("spellcheck", "false")
            );
        }

        html.Element("button", "Compare", ("type", "submit"));
        using var suggestions = html.Open("datalist", ("id", SuggestionsId));
        foreach (var summary in comparable)
        {
            var label = $"{VisibleText.Of(Path.GetFileName(summary.QueryPath))} · {VisibleText.Of(summary.Method)}";
            html.Element("option", label, ("value", summary.Id));
        }
    }

    private void WriteRelated(HtmlWriter html)
    {
        using var line = html.Open("p", ("class", "related"));
        html.Element("a", "Reports on this picture", ("href", Links.ListWith(("image", report.Report.Query.Sha256))));
        html.Element("a", "on this model", ("href", Links.ListWith(("model", report.Report.Model.WeightsSha256))));
        html.Element("a", "on this dataset", ("href", Links.ListWith(("dataset", report.Report.Dataset.Root))));
    }
}
