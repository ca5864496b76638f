using System.Text;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Pages;

/// <summary>What every page but a report begins and ends with.</summary>
internal static class SitePage
{
    /// <summary>A page as a file.</summary>
    internal static byte[] Write(string title, SiteLinks links, Action<HtmlWriter> write) =>
        Text(writer =>
        {
            var html = new HtmlWriter(writer);
            html.DocumentType();
            using (html.Open("html", ("lang", "en")))
            {
                WriteHead(html, title);
                using var body = html.Open("body");
                WriteNavigation(html, links, null);
                using var main = html.Open("main");
                write(html);
            }

            writer.Write('\n');
        });

    internal static byte[] Text(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return Encoding.UTF8.GetBytes(writer.ToString());
    }

    /// <summary>The way back to the list.</summary>
    /// <param name="here">What the page shows; null where its title says so.</param>
    internal static void WriteNavigation(HtmlWriter html, SiteLinks links, string? here)
    {
        using var navigation = html.Open("nav", ("class", "site-nav"), ("aria-label", "Reports"));
        html.Element("strong", "das-audit");
        html.Element("a", "All reports", ("href", links.List));
        if (here is not null)
            html.Element("code", here, ("aria-current", "page"));
    }

    private static void WriteHead(HtmlWriter html, string title)
    {
        using var head = html.Open("head");
        html.Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
        html.Element("title", $"{title} · das-audit");
        SiteStyle.Write(html);
    }
}
