using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>
/// The report as one page that needs nothing else: styles, charts and pictures are inside, there are no scripts, and
/// its content security policy forbids loading anything. The same report always gives the same bytes.
/// </summary>
public sealed class HtmlExporter : IReportExporter
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    /// <inheritdoc/>
    public string Format => "html";

    /// <inheritdoc/>
    public void Export(StoredReport report, TextWriter writer) => Export(report, writer, null);

    /// <summary>The same page, with something of the program's own above it.</summary>
    internal static void Export(StoredReport report, TextWriter writer, PageTop? top)
    {
        var document = new ReportDocument(report.Report);
        var html = new HtmlWriter(writer);
        html.DocumentType();
        using (html.Open("html", ("lang", "en")))
        {
            WriteHead(html, document, top);
            using (html.Open("body"))
            {
                top?.Write(html);
                WriteBody(html, document, new(html, report));
            }
        }

        writer.Write('\n');
    }

    private static void WriteHead(HtmlWriter html, ReportDocument document, PageTop? top)
    {
        var title = document.Title(VisibleText.Of(Path.GetFileName(document.Query.Path)));
        using var head = html.Open("head");
        html.Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
        html.Void("meta", ("name", "generator"), ("content", $"das-audit {document.Tool.Version}"));
        html.Element("title", $"{title} · das-audit");
        html.Style(StyleSheet.Read());
        // A server's policy names the styles that it knows, by their hashes.
        if (top is null)
            html.Style(StyleSheet.PrintedFooter(document.Id));
        top?.WriteHead(html);
    }

    private static void WriteBody(HtmlWriter html, ReportDocument document, PictureWriter pictures)
    {
        TitleSection.Write(html, document);
        using (html.Open("main"))
        {
            OverviewSection.Write(html, document, pictures);
            if (document.Pictures is { } listed)
                ListedPicturesSection.Write(html, listed, pictures);
            foreach (var section in document.Supplements)
                PlainSection.Write(html, section);
            if (document.Estimand is { } estimand)
                PlainSection.Write(html, estimand, "facts");
            using (html.Open("div", ("class", "columns")))
            {
                PlainSection.Write(html, document.Reading, "reading");
                PlainSection.Write(html, document.Limits, "limits");
            }

            PlainSection.Write(html, document.Glossary, "reading glossary");
            CustodyPage.Write(html, document.Custody);
            using (html.Open("section", ("class", "circumstances")))
            {
                foreach (var section in document.Circumstances)
                    PlainSection.Write(html, section, "facts", "div");
            }
        }

        TitleSection.WriteFooter(html, document);
    }
}
