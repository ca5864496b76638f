namespace DasAudit.Evidence.Document;

/// <summary>The pictures with the highest scores, by falling score.</summary>
/// <param name="Section">All that the report says of them, as a table of plain cells.</param>
/// <param name="PageColumns">The columns of a page, whose cells hold several things.</param>
internal sealed record ListedPictures(
    IReadOnlyList<ListedPicture> Pictures,
    Section Section,
    IReadOnlyList<PageColumn> PageColumns
)
{
    /// <summary>Null where the report lists none.</summary>
    internal static ListedPictures? Of(AuditReport report)
    {
        if (report.Attributions.Count == 0)
            return null;

        var pictures = Entries(report);
        var counted =
            pictures.Count == 1 ? "The listed picture" : $"All {Figures.Count(pictures.Count)} listed pictures";
        var table = DocumentTable.Of("Table of all listed pictures", Columns(report), pictures);
        return new(pictures, new("Listed pictures", table) { CountedTitle = counted }, [.. Page(report)]);
    }

    /// <summary>The pictures with what fits on a line of a console; scores share one power of ten.</summary>
    internal static DocumentTable Brief(AuditReport report) =>
        DocumentTable.Of("Listed pictures", BriefColumns(report), Entries(report));

    private static List<ListedPicture> Entries(AuditReport report) =>
        [.. report.Attributions.Select(picture => new ListedPicture(report, picture))];

    private static string ScoreHeading(AuditReport report) =>
        report.Attributions.Any(picture => picture.StandardError is not null) ? "Score ± standard error" : "Score";

    private static IEnumerable<Column<ListedPicture>> Columns(AuditReport report)
    {
        yield return new("Rank", picture => picture.Rank, ColumnKind.Rank);
        yield return new("Picture", picture => picture.Name);
        yield return new("File", picture => Content.Code(picture.Source.Item), ColumnKind.File);
        yield return new(ScoreHeading(report), picture => picture.Score, ColumnKind.Number);
        if (report.Evidence is not null)
        {
            yield return new("Evidence", picture => picture.Strength, ColumnKind.Word);
            yield return new("p", picture => Words.Probability(picture.Source.PValue), ColumnKind.Number);
            yield return new("q", picture => Words.Probability(picture.Source.QValue), ColumnKind.Number);
        }

        if (ListedPicture.HasDirection(report))
            yield return new("Direction", picture => Content.Words($"{picture.Sign.Text} {picture.Direction}"));
        yield return new("Similarity", picture => picture.Similarity, ColumnKind.Number);
        yield return new("Rights holder", picture => Stated(picture.Source.RightsHolder));
        yield return new("Licence", picture => Stated(picture.Source.License));
        yield return new("Author", picture => Stated(picture.Source.Author));
        yield return new("Candidate because", picture => picture.Tiers);
        yield return new("Source", picture => Content.Code(picture.Source.Source ?? ""), ColumnKind.File);
    }

    private static IEnumerable<Column<ListedPicture>> BriefColumns(AuditReport report)
    {
        var scale = ScoreScale.For(report.Attributions.Select(picture => picture.Score));
        yield return new("#", picture => picture.Rank, ColumnKind.Rank);
        yield return new(scale.Heading, picture => Scaled(scale, picture.Source), ColumnKind.Number);
        if (ListedPicture.HasDirection(report))
            yield return new("", picture => picture.Sign, ColumnKind.Word);
        if (report.Evidence is not null)
            yield return new("evidence", picture => picture.Strength, ColumnKind.Word);
        if (report.Evidence?.NullPool is not null)
            yield return new("q", picture => Words.Probability(picture.Source.QValue), ColumnKind.Number);
        yield return new("training picture", picture => Titled(picture.Source));
        yield return new("rights holder", picture => Stated(picture.Source.RightsHolder, "not stated"));
        yield return new("licence", picture => Stated(picture.Source.License, "not stated"));
    }

    private static IEnumerable<PageColumn> Page(AuditReport report)
    {
        yield return new(PageCell.Rank, "Rank");
        yield return new(PageCell.Thumbnail, "Picture");
        yield return new(PageCell.File, "", "Title, file and source");
        yield return new(PageCell.Score, ScoreHeading(report));
        if (report.Evidence is not null)
            yield return new(PageCell.Evidence, "Evidence");
        if (ListedPicture.HasDirection(report))
            yield return new(PageCell.Direction, "Direction");
        yield return new(PageCell.Similarity, "Similarity");
        yield return new(PageCell.Rights, "Rights");
        yield return new(PageCell.Tiers, "Candidate because");
    }

    private static Content Scaled(ScoreScale scale, AttributedPicture picture) =>
        Content.Figure(scale.Show(picture.Score, picture.StandardError));

    private static Content Titled(AttributedPicture picture) =>
        Content.Foreign(picture.Title is { Length: > 0 } title ? $"{picture.Item} ({title})" : picture.Item);

    private static Content Stated(string? value, string otherwise = GroupKey.NotStated) =>
        new(value ?? otherwise, ContentKind.Foreign, value is null ? Tone.Muted : Tone.Plain);
}
