using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Exports;

/// <summary>
/// The report as one page that needs nothing else: styles, charts and pictures are inside, there are no scripts, and its content security policy
/// forbids loading anything. The same report always gives the same bytes.
/// </summary>
public sealed class HtmlExporter : IReportExporter
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    /// <inheritdoc/>
    public string Format => "html";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer)
    {
        var html = new HtmlWriter(writer);
        html.DocumentType();
        using (html.Open("html", ("lang", "en")))
        {
            WriteHead(html, report.Report);
            using (html.Open("body"))
                WriteBody(html, report);
        }

        writer.Write('\n');
    }

    private static void WriteHead(HtmlWriter html, AuditReport report)
    {
        using var head = html.Open("head");
        html.Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
        html.Void("meta", ("name", "generator"), ("content", $"das-audit {report.Tool.Version}"));
        html.Element(
            "title",
            $"{ScoreWords.For(report).Title(VisibleText.Of(Path.GetFileName(report.Query.Path)))} · das-audit"
        );
        html.Style(StyleSheet.Read());
    }

    private static void WriteBody(HtmlWriter html, StoredReport report)
    {
        var colors = new GroupColors(report.Report);
        var scale = new ScoreScale(report.Report);
        TitleSection.Write(html, report.Report);
        using (html.Open("main"))
        {
            PicturesSection.Write(html, report, colors, scale);
            TableSection.Write(html, report, colors, scale);
            SubsetSection.Write(html, report.Report);
            ComparisonSection.Write(html, report.Report);
            DampingSection.Write(html, report.Report);
            using (html.Open("div", ("class", "columns")))
            {
                ReadingSection.Write(html, report.Report);
                LimitsSection.Write(html, report.Report);
            }

            CircumstancesSection.Write(html, report.Report);
        }

        TitleSection.WriteFooter(html, report.Report);
    }
}
