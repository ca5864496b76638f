using System.Security.Cryptography;
using System.Text;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Pages;

/// <summary>The style of the pages that <c>reports serve</c> shows, and what browsers may do with them.</summary>
internal static class SiteStyle
{
    private static readonly string Report = StyleSheet.Read();
    private static readonly string Site = StyleSheet.Read("DasAudit.Evidence.Pages.pages.css");

    /// <summary>
    /// The content security policy of every page: no scripts, frames, fonts or connections; pictures within the page;
    /// the two style sheets, by their hashes; forms that lead to the same server.
    /// </summary>
    internal static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; img-src data:; style-src '{Hash(Report)}' '{Hash(Site)}'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The style sheets of a page that is no report.</summary>
    internal static void Write(HtmlWriter html)
    {
        html.Style(Report);
        WriteSite(html);
    }

    /// <summary>The style sheet of what stands above a report; an empty icon keeps browsers from asking.</summary>
    internal static void WriteSite(HtmlWriter html)
    {
        html.Style(Site);
        html.Void("link", ("rel", "icon"), ("href", "data:,"));
    }

    private static string Hash(string style) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}";
}
