using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>Every listed picture with all that the report says of it.</summary>
internal static class ListedPicturesSection
{
    internal static void Write(HtmlWriter html, ListedPictures listed, PictureWriter pictures)
    {
        using var section = html.Open("section");
        html.Element("h2", listed.Section.CountedTitle);
        using var scroll = TableWriter.OpenScroll(html, "Table of all listed pictures");
        using var table = html.Open("table", ("class", "attributions"));
        TableWriter.WriteHead(html, listed.PageColumns.Select(column => (column.Header, column.Label)));
        using var body = html.Open("tbody");
        foreach (var picture in listed.Pictures)
        {
            using var row = html.Open("tr");
            foreach (var column in listed.PageColumns)
                WriteCell(html, column, picture, pictures);
        }
    }

    private static void WriteCell(HtmlWriter html, PageColumn column, ListedPicture picture, PictureWriter pictures)
    {
        var (style, isLabelled) = StyleOf(column.Cell);
        using var cell = html.Open("td", ("class", style), ("data-label", isLabelled ? column.Header : null));
        Action write = column.Cell switch
        {
            PageCell.Rank => () => html.Write(picture.Rank),
            PageCell.Thumbnail => () => pictures.WriteThumbnail(picture),
            PageCell.File => () => WriteFile(html, picture),
            PageCell.Score => () => WriteScore(html, picture, pictures),
            PageCell.Evidence => () => WriteEvidence(html, picture),
            PageCell.Direction => () => pictures.WriteDirection(picture),
            PageCell.Similarity => () => html.Write(picture.Similarity),
            PageCell.Rights => () => pictures.WriteRights(picture),
            _ => () => html.Write(picture.Tiers),
        };
        write();
    }

    /// <summary>The style of a cell, and whether narrow screens repeat the heading before it.</summary>
    private static (string? Style, bool IsLabelled) StyleOf(PageCell cell) =>
        cell switch
        {
            PageCell.Rank => ("rank-cell", false),
            PageCell.Thumbnail => ("picture-cell", false),
            PageCell.File => ("file-cell", false),
            PageCell.Score => ("score-cell", false),
            PageCell.Evidence => ("evidence-cell", true),
            PageCell.Similarity => ("number", true),
            PageCell.Rights => ("rights-cell", false),
            PageCell.Tiers => ("tiers-cell small", true),
            _ => (null, false),
        };

    private static void WriteScore(HtmlWriter html, ListedPicture picture, PictureWriter pictures)
    {
        pictures.WriteScore(picture);
        if (picture.ScoreOfFirst is { } ofFirst)
            html.Element("span", ofFirst, ("class", "muted small"));
    }

    private static void WriteEvidence(HtmlWriter html, ListedPicture picture)
    {
        html.Element("strong", picture.Strength);
        if (picture.Probabilities.Length > 0)
            html.Element("span", picture.Probabilities, ("class", "muted small"));
    }

    private static void WriteFile(HtmlWriter html, ListedPicture picture)
    {
        html.Element("strong", picture.Name);
        html.Element("span", Content.Code(picture.Source.Item), ("class", "path"));
        html.Element("span", picture.Hash, ("class", "path muted"), ("title", $"SHA-256 {picture.Source.Sha256}"));
        if (picture.Source.Source is not { Length: > 0 } source)
            return;
        using (html.Open("span", ("class", "source")))
            html.Link(source);
    }
}
