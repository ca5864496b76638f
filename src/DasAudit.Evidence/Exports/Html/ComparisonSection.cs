using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The first pictures by each of several methods side by side, and how far the methods agree.</summary>
internal static class ComparisonSection
{
    private const int Rows = 10;

    internal static void Write(HtmlWriter html, AuditReport report)
    {
        if (report.Comparison is not { } comparison)
            return;
        using var section = html.Open("section");
        html.Element("h2", $"{Figures.Count(comparison.Methods.Count)} methods side by side");
        using (
            html.Open(
                "div",
                ("class", "scroll"),
                ("role", "region"),
                ("tabindex", "0"),
                ("aria-label", "First pictures by each method")
            )
        )
        using (html.Open("table"))
        {
            using (html.Open("thead"))
            using (html.Open("tr"))
            {
                html.Element("th", "Rank", ("scope", "col"));
                foreach (var method in comparison.Methods)
                    html.Element("th", method.Id, ("scope", "col"));
            }

            using (html.Open("tbody"))
            {
                for (var rank = 0; rank < Math.Min(Rows, comparison.Methods.Max(method => method.Top.Count)); rank++)
                    WriteRow(html, comparison, rank);
            }
        }

        using var list = html.Open("ul", ("class", "muted small"));
        foreach (var agreement in comparison.Agreements)
            html.Element("li", Words.Agreement(agreement));
        foreach (var method in comparison.Methods)
            html.Element("li", Words.LargerMeans(method));
    }

    private static void WriteRow(HtmlWriter html, ComparisonInfo comparison, int rank)
    {
        using var row = html.Open("tr");
        html.Element("td", $"{rank + 1}", ("class", "rank-cell"));
        foreach (var method in comparison.Methods)
        {
            using var cell = html.Open("td", ("class", "path"));
            html.Foreign(rank < method.Top.Count ? method.Top[rank].Item : "");
        }
    }
}
