using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>The audited picture, large, with the shares, beside the pictures it is owed to most.</summary>
internal static class OverviewSection
{
    private const int Cards = 6;

    internal static void Write(HtmlWriter html, ReportDocument document, PictureWriter pictures)
    {
        var label = document.Title("the picture");
        using var section = html.Open("section", ("class", "pictures"), ("aria-label", label));
        using (html.Open("div", ("class", "asked")))
        {
            html.Element("h2", "The audited picture");
            pictures.WriteQuery(document.Query);
            if (document.Shares is { } shares)
                SharesSection.Write(html, shares, pictures.Colors);
        }

        if (document.Pictures is not { } listed)
            return;
        using var column = html.Open("div", ("class", "owed"));
        html.Element("h2", document.Words.Listed);
        using var list = html.Open("ol", ("class", "cards"));
        foreach (var picture in listed.Pictures.Take(Cards))
            WriteCard(html, picture, pictures);
    }

    private static void WriteCard(HtmlWriter html, ListedPicture picture, PictureWriter pictures)
    {
        using var card = html.Open("li", ("class", $"card {pictures.Colors.ClassOf(picture.Group)}"));
        using (html.Open("div", ("class", "frame")))
        {
            html.Element("span", picture.Rank, ("class", "rank"), ("title", $"Rank {picture.Rank.Text}"));
            pictures.WriteThumbnail(picture);
        }

        html.Element("h3", picture.Name);
        using (html.Open("div", ("class", "score")))
            pictures.WriteScore(picture);
        pictures.WriteDirection(picture);
        pictures.WriteRights(picture);
        using var why = html.Open("p", ("class", "muted small"));
        html.Text("Candidate because: ");
        html.Write(picture.Tiers);
    }
}
