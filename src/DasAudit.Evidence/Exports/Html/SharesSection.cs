using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The shares by group as a bar chart whose labels say all that it shows.</summary>
internal static class SharesSection
{
    internal static void Write(HtmlWriter html, Shares shares, GroupColors colors)
    {
        using var section = html.Open("div", ("class", "shares"));
        html.Element("h2", shares.Section.Title);
        using (html.Open("ul"))
        {
            foreach (var line in shares.Lines)
                WriteLine(html, line, colors);
        }

        html.Element("p", shares.Explanation, ("class", "muted small"));
    }

    private static void WriteLine(HtmlWriter html, ShareLine line, GroupColors colors)
    {
        var color = colors.ClassOf(line.IsGroup ? line.Key.Text : null);
        using var item = html.Open("li");
        using (html.Open("span", ("class", "holder")))
        {
            if (line.IsGroup)
                PictureWriter.WriteSwatch(html, color);
            html.Write(line.Key);
        }

        html.Element("strong", line.Percent, ("class", "number"));
        html.Element("span", line.Details, ("class", "muted small"));
        Bar.Write(html, color, line.Group.Share, line.Group.Low, line.Group.High, line.EvenShare);
    }
}
