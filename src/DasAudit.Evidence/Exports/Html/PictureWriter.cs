using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Exports.Html;

/// <summary>What cards and table show alike of a picture.</summary>
internal sealed class PictureWriter
{
    private readonly HtmlWriter _html;
    private readonly StoredReport _report;

    // The longest error bar ends at the right edge.
    private readonly double _fullScore;

    internal PictureWriter(HtmlWriter html, StoredReport report)
    {
        _html = html;
        _report = report;
        var ends = report.Report.Attributions.Select(picture => picture.Score + (picture.StandardError ?? 0));
        _fullScore = ends.DefaultIfEmpty().Max();
        Colors = new(report.Report);
    }

    internal GroupColors Colors { get; }

    internal void WriteQuery(QueryInfo query)
    {
        using var figure = _html.Open("figure", ("class", "query"));
        var alternative = $"The audited picture {query.Path}";
        Thumbnail.Write(
            _html,
            _report,
            query.ShownThumbnail,
            query.Region is null ? alternative : $"{alternative}, region outlined"
        );
        using var caption = _html.Open("figcaption");
        _html.Element("span", Content.Code(query.Path), ("class", "path"));
        _html.Element("span", $"{query.Width} × {query.Height} pixels", ("class", "muted"));
        if (query.Region is { } region)
            _html.Element("span", $"Asked about: {RegionWords.Place(region)}", ("class", "muted"));
    }

    internal void WriteThumbnail(ListedPicture picture) =>
        Thumbnail.Write(_html, _report, picture.Source.Sha256, picture.Name.Text);

    /// <summary>The score as a bar with its standard error, and as a number.</summary>
    internal void WriteScore(ListedPicture picture)
    {
        var (score, error) = (picture.Source.Score, picture.Source.StandardError);
        var color = Colors.ClassOf(picture.Group);
        Bar.Write(_html, color, Length(score), Length(score - error), Length(score + error), mark: null);
        _html.Element("span", picture.Score, ("class", "number"));
    }

    /// <summary>Whether the picture helps or hinders; nothing where the method does not tell.</summary>
    internal void WriteDirection(ListedPicture picture)
    {
        if (picture.Direction is not { } direction)
            return;
        var style = picture.Sign.Tone == Tone.Against ? "direction against" : "direction";
        using var line = _html.Open("p", ("class", style));
        _html.Element("span", picture.Sign, ("aria-hidden", "true"));
        _html.Text($"{(char)0xA0}{direction}");
    }

    /// <summary>Whose the picture is and how it may be used; its group has its colour.</summary>
    internal void WriteRights(ListedPicture picture)
    {
        var color = Colors.ClassOf(picture.Group);
        var rights = picture.Rights.ToList();
        using (_html.Open("p", ("class", "holder")))
            WriteRight(rights[0], color);

        using var line = _html.Open("p", ("class", "small"));
        WriteRight(rights[1], color);
        foreach (var right in rights.Skip(2))
        {
            _html.Text(" · ");
            WriteRight(right, color);
        }
    }

    private void WriteRight(RightsStatement right, string color)
    {
        if (right.IsGroup)
            WriteSwatch(_html, color);
        _html.Text(right.Before);
        if (right.Statement.Tone == Tone.Muted)
            _html.Element("span", right.Statement, ("class", "muted"));
        else
            _html.Write(right.Statement);
    }

    internal static void WriteSwatch(HtmlWriter html, string color) =>
        html.Element("span", "", ("class", $"swatch {color}"), ("aria-hidden", "true"));

    private double? Length(double? score) => score is { } known ? Length(known) : null;

    private double Length(double score) => _fullScore > 0 ? score / _fullScore : 0;
}
