using DasAudit.Evidence.Comparisons;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Pages;

/// <summary>Two reports side by side, and what differs between them.</summary>
internal sealed class ComparisonPage
{
    private const int LongestValue = 200;
    private static readonly SiteLinks Links = SiteLinks.FromList;

    private readonly StoredReport _a;
    private readonly StoredReport _b;
    private readonly ReportComparison _comparison;
    private readonly ReportComparisonDocument _document;

    internal ComparisonPage(StoredReport a, StoredReport b)
    {
        (_a, _b) = (a, b);
        _comparison = ReportComparison.Of(a.Report, b.Report);
        _document = new(_comparison, LongestValue);
    }

    internal byte[] Write() => SitePage.Write("Two reports compared", Links, Write);

    private void Write(HtmlWriter html)
    {
        html.Element("h1", "Two reports compared");
        html.Element("p", _document.Verdict, ("class", "lead"));
        using (html.Open("div", ("class", "sides")))
        {
            WriteSide(html, "A", _a);
            WriteSide(html, "B", _b);
        }

        using (html.Open("p", ("class", "related")))
        {
            html.Element("a", "Swap A and B", ("href", Links.Comparison(_b.Report.Id, _a.Report.Id)));
        }

        WriteShares(html);
        WritePictures(html);
        foreach (var differences in _document.Differences)
            WriteDifferences(html, differences);
    }

    private static void WriteSide(HtmlWriter html, string side, StoredReport report)
    {
        var query = report.Report.Query;
        using var section = html.Open("section", ("class", "side"), ("aria-label", $"Report {side}"));
        using (html.Open("div", ("class", "frame")))
            Thumbnail.Write(html, report, query.ShownThumbnail, $"The audited picture {query.Path}");
        using var text = html.Open("div");
        using (html.Open("h2"))
        {
            html.Element("span", side, ("class", "letter"));
            using var link = html.Open("a", ("href", Links.Report(report.Report.Id)));
            html.Foreign(Headline.Of(report.Report).Claim);
        }

        html.Element("p", Content.Code(query.Path), ("class", "path"));
        using (html.Open("p", ("class", "muted small")))
        {
            html.Foreign(report.Report.Method.Id);
            html.Text($" · {Figures.Moment(report.Report.CreatedUtc)}");
        }

        html.Element("p", report.Report.Id, ("class", "path muted"));
    }

    private void WriteShares(HtmlWriter html)
    {
        using var section = html.Open("section");
        html.Element("h2", "Shares");
        if (_document.Shares is { } shares)
            TableWriter.Write(html, shares);
        else
            html.Element("p", ReportComparisonDocument.NoShares, ("class", "muted"));
    }

    private void WritePictures(HtmlWriter html)
    {
        using var section = html.Open("section");
        html.Element("h2", "Listed pictures");
        html.Element("p", _document.Agreement, ("class", "muted"));
        var table = _document.Pictures;
        if (table.Rows.Count == 0)
            return;
        using var scroll = TableWriter.OpenScroll(html, "Table of the listed pictures of both");
        using var element = html.Open("table", ("class", "compared"));
        (string, string?)[] picture = [("", "Thumbnail")];
        TableWriter.WriteHead(html, picture.Concat(table.Columns.Select(column => (column.Header, (string?)null))));
        using var body = html.Open("tbody");
        foreach (var (compared, row) in _comparison.Ranking.Pictures.Zip(table.Rows))
        {
            using var line = html.Open("tr");
            using (html.Open("td", ("class", "picture-cell")))
                WriteThumbnail(html, compared);
            foreach (var (column, cell) in table.Columns.Zip(row))
                html.Element("td", cell, ("class", TableWriter.StyleOf(column.Kind)));
        }
    }

    private void WriteThumbnail(HtmlWriter html, ComparedPicture picture)
    {
        var report = picture.A is null ? _b : _a;
        Thumbnail.Write(html, report, (picture.A ?? picture.B)!.Sha256, picture.Item);
    }

    private static void WriteDifferences(HtmlWriter html, DocumentTable differences)
    {
        using var section = html.Open("section", ("class", "differences"));
        html.Element("h2", differences.Label);
        if (differences.Rows.Count == 0)
            html.Element("p", "No difference.", ("class", "muted"));
        else
            TableWriter.Write(html, differences);
    }
}
