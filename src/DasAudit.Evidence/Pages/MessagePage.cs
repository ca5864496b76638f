using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Pages;

/// <summary>A page that says why there is no other.</summary>
internal static class MessagePage
{
    internal static byte[] Write(string title, string sentence, SiteLinks links) =>
        SitePage.Write(
            title,
            links,
            html =>
            {
                html.Element("h1", title);
                html.Element("p", Content.Foreign(sentence), ("class", "lead"));
            }
        );

    /// <summary>A page of one sentence without style or links, for those who may not see the reports.</summary>
    internal static byte[] WritePlain(string title, string sentence) =>
        SitePage.Text(writer =>
        {
            var html = new HtmlWriter(writer);
            html.DocumentType();
            using (html.Open("html", ("lang", "en")))
            {
                using (html.Open("head"))
                {
                    html.Void("meta", ("charset", "utf-8"));
                    html.Element("title", title);
                }

                using (html.Open("body"))
                    html.Element("p", sentence);
            }

            writer.Write('\n');
        });
}
