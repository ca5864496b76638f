using System.Globalization;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports.Html;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Pages;

/// <summary>The reports of a store, newest first, some on a page, below the form that filters them.</summary>
internal static class ListPage
{
    private static readonly SiteLinks Links = SiteLinks.FromList;

    internal static byte[] Write(ReportList list) =>
        SitePage.Write(
            "Reports",
            Links,
            html =>
            {
                html.Element("h1", "Reports");
                using (html.Open("p", ("class", "lead")))
                {
                    html.Element("strong", Count(list));
                    html.Text(" in ");
                    html.Element("span", Content.Code(list.Store), ("class", "path"));
                }

                FilterFields.Write(html, list);
                if (list.Form.Problems.Count > 0)
                    return;
                if (list.Matches.Count == 0)
                    html.Element("p", None(list), ("class", "empty"));
                else
                    WriteReports(html, list);
            }
        );

    private static string Count(ReportList list) =>
        list.Form.IsFilter && list.Form.Problems.Count == 0
            ? $"{Figures.Count(list.Matches.Count)} of {Figures.Count(list.All.Count, "report")}"
            : Figures.Count(list.All.Count, "report");

    private static string None(ReportList list) =>
        list.All.Count == 0
            ? "The store holds no reports yet: 'das-audit audit' makes them. Reload the page to see new ones."
            : "No report meets the filter.";

    private static void WriteReports(HtmlWriter html, ReportList list)
    {
        using (html.Open("form", ("method", "get"), ("action", Links.Compare), ("aria-label", "Compare two reports")))
        {
            using (html.Open("table", ("class", "reports")))
            {
                html.Element("caption", "Reports, newest first", ("class", "unseen"));
                WriteHead(html);
                using var body = html.Open("tbody");
                foreach (var (summary, listed) in list.OnPage.Zip(list.Read))
                    WriteRow(html, summary, listed);
            }

            using var actions = html.Open("p", ("class", "actions"));
            html.Element("button", "Compare A with B", ("type", "submit"));
            html.Element("span", "Choose two reports in the columns A and B.", ("class", "muted small"));
        }

        if (list.Pages > 1)
            WritePages(html, list);
    }

    private static void WriteHead(HtmlWriter html)
    {
        using var head = html.Open("thead");
        using var row = html.Open("tr");
        foreach (var name in new[] { "A", "B" })
            html.Element("th", name, ("scope", "col"), ("aria-label", $"Compare: {name}"), ("class", "choice"));
        html.Element("th", "", ("scope", "col"), ("aria-label", "Picture"));
        html.Element("th", "Report", ("scope", "col"));
        html.Element("th", "Evidence", ("scope", "col"), ("title", "The strongest word of a listed picture"));
        foreach (var name in new[] { "Model", "Method", "Made (UTC)" })
            html.Element("th", name, ("scope", "col"));
    }

    private static void WriteRow(HtmlWriter html, ReportSummary summary, ListedReport listed)
    {
        using var row = html.Open("tr");
        WriteChoice(html, "a", "A", summary);
        WriteChoice(html, "b", "B", summary);
        using (html.Open("td", ("class", "picture-cell")))
            WritePicture(html, summary, listed);
        using (html.Open("th", ("scope", "row"), ("class", "claim-cell")))
            WriteClaim(html, summary, listed);
        using (html.Open("td", ("data-label", "Evidence")))
            html.Text(listed.Report is { } report ? Strongest(report.Report) : "–");
        WriteCell(html, "Model", FileName(summary.ModelPath), summary.ModelPath);
        WriteCell(html, "Method", summary.Method, null);
        html.Element("td", Minute(summary.CreatedUtc), ("class", "number"), ("data-label", "Made"));
    }

    private static void WriteChoice(HtmlWriter html, string name, string side, ReportSummary summary)
    {
        using var cell = html.Open("td", ("class", "choice"), ("data-label", side));
        html.Void(
            "input",
            ("type", "radio"),
            ("name", name),
            ("value", summary.Id),
            ("required", ""),
            ("aria-label", $"{side}: {summary.Id}")
        );
    }

    private static void WritePicture(HtmlWriter html, ReportSummary summary, ListedReport listed)
    {
        if (listed.Report is not { } report)
            return;
        // The claim beside it links to the same place; a keyboard need not stop at both.
        using var link = html.Open("a", ("href", Links.Report(summary.Id)), ("tabindex", "-1"));
        var picture = report.Report.Query.ShownThumbnail;
        Thumbnail.Write(html, report, picture, $"The audited picture {summary.QueryPath}");
    }

    private static void WriteClaim(HtmlWriter html, ReportSummary summary, ListedReport listed)
    {
        var headline = listed.Report is { } report ? Headline.Of(report.Report) : null;
        using (html.Open("a", ("class", "claim"), ("href", Links.Report(summary.Id))))
            html.Foreign(headline?.Claim ?? "This report is damaged");
        if ((headline?.Figures ?? listed.Damage) is { Length: > 0 } details)
            html.Element("span", Content.Foreign($"{details}."), ("class", "muted small"));
        html.Element("span", Content.Code(summary.QueryPath), ("class", "path"));
        html.Element("span", summary.Id, ("class", "path muted"));
    }

    private static void WriteCell(HtmlWriter html, string label, string text, string? title)
    {
        using var cell = html.Open(
            "td",
            ("data-label", label),
            ("title", title is null ? null : VisibleText.Of(title))
        );
        html.Foreign(text);
    }

    private static void WritePages(HtmlWriter html, ReportList list)
    {
        using var pages = html.Open("nav", ("class", "pages"), ("aria-label", "Pages"));
        if (list.Page > 1)
            html.Element("a", "← Newer", ("href", list.Form.AtPage(Links, list.Page - 1)), ("rel", "prev"));
        html.Element("span", $"Page {Figures.Count(list.Page)} of {Figures.Count(list.Pages)}");
        if (list.Page < list.Pages)
            html.Element("a", "Older →", ("href", list.Form.AtPage(Links, list.Page + 1)), ("rel", "next"));
    }

    private static string Strongest(AuditReport report) =>
        report.Attributions.Max(picture => picture.Strength) is { } strength ? strength.Name() : "–";

    private static string FileName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static string Minute(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
