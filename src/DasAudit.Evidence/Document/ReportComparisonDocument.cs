using System.Text.Json.Nodes;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Comparisons;

namespace DasAudit.Evidence.Document;

/// <summary>What a comparison of two reports says, once; console and page add only how it looks.</summary>
/// <param name="longestValue">Values of settings are cut to so many characters.</param>
internal sealed class ReportComparisonDocument(ReportComparison comparison, int longestValue)
{
    private static readonly IReadOnlyList<Column<ComparedPicture>> PictureColumns =
    [
        new("A", picture => Rank(picture.A), ColumnKind.Rank),
        new("B", picture => Rank(picture.B), ColumnKind.Rank),
        new("picture", picture => Content.Foreign(picture.Item)),
        new("score in A", picture => Score(picture.A), ColumnKind.Number),
        new("score in B", picture => Score(picture.B), ColumnKind.Number),
        new("word in A", picture => Word(picture.A), ColumnKind.Word),
        new("word in B", picture => Word(picture.B), ColumnKind.Word),
    ];

    private static readonly IReadOnlyList<Column<ComparedGroup>> GroupColumns =
    [
        new("group", group => Content.Foreign(group.Key)),
        new("share in A", group => Share(group.A), ColumnKind.Number),
        new("share in B", group => Share(group.B), ColumnKind.Number),
        new("intervals", group => Content.Words(Intervals(group.IsApart)), ColumnKind.Word),
    ];

    /// <summary>Whether the same went in and the same came out, in a sentence.</summary>
    internal string Verdict { get; } =
        comparison.IsSame ? "The same inputs and settings gave the same scores, words and shares."
        : comparison.Inputs.Count == 0 && comparison.Settings.Count == 0
            ? "The same inputs and settings gave other results."
        : "They differ in what went in, so that other results are to be expected.";

    /// <summary>What went in and differs, by kind; a table without rows where nothing does.</summary>
    internal IReadOnlyList<DocumentTable> Differences { get; } =
    [
        Table("Inputs by their hashes", comparison.Inputs, longestValue),
        Table("Settings", comparison.Settings, longestValue),
        Table("Circumstances", comparison.Circumstances, longestValue),
    ];

    /// <summary>How far the listed pictures agree, in a sentence.</summary>
    internal string Agreement { get; } = AgreementOf(comparison.Ranking);

    /// <summary>The listed pictures of both, side by side.</summary>
    internal DocumentTable Pictures { get; } =
        DocumentTable.Of("Pictures", PictureColumns, comparison.Ranking.Pictures);

    /// <summary>The shares of both, side by side; null where the groups are of different kinds.</summary>
    internal DocumentTable? Shares { get; } =
        comparison.GroupedBy is null ? null : DocumentTable.Of("Shares", GroupColumns, comparison.Groups);

    /// <summary>What is said in place of <see cref="Shares"/>.</summary>
    internal const string NoShares = "Shares cannot be compared, because the groups are of different kinds.";

    private static DocumentTable Table(string title, IReadOnlyList<ReportDifference> differences, int longestValue)
    {
        IReadOnlyList<Column<ReportDifference>> columns =
        [
            new("", difference => Content.Words(difference.Name), ColumnKind.Word),
            new("A", difference => Value(difference.A, longestValue)),
            new("B", difference => Value(difference.B, longestValue)),
        ];
        return DocumentTable.Of(title, columns, differences);
    }

    private static string AgreementOf(RankingComparison ranking)
    {
        var common = ranking.Common.Count();
        if (ranking.TopOverlap is not { } overlap)
            return "One of them lists no pictures.";
        var correlation = ranking.Spearman is { } spearman
            ? $"; rank correlation of the {Figures.Count(common, "picture")} that both list: "
                + $"{Figures.Cosine(spearman)} (Spearman)"
            : $"; both list {Figures.Count(common, "picture")}, too few for a rank correlation";
        return $"{Figures.Percent(overlap)} of the first {ranking.Top} in common{correlation}.";
    }

    private static Content Value(JsonNode? value, int longest)
    {
        var text = value is JsonValue single ? single.ToString() : value?.ToJsonString();
        if (text is null)
            return Content.None;
        return Content.Code(text.Length > longest ? string.Concat(text.AsSpan(0, longest), "…") : text);
    }

    private static Content Rank(AttributedPicture? picture) =>
        picture is null ? Content.None : Content.Figure(Figures.Count(picture.Rank));

    private static Content Score(AttributedPicture? picture) =>
        picture is null ? Content.None : Content.Figure(Figures.Score(picture.Score, picture.StandardError));

    private static Content Word(AttributedPicture? picture) =>
        picture?.Strength is { } strength ? Content.Words(strength.Name()) : Content.None;

    private static Content Share(GroupShare? group)
    {
        if (group is null)
            return Content.None;
        var share = Figures.Percent(group.Share);
        return Content.Figure(
            group is { Low: { } low, High: { } high } ? $"{share} ({Figures.PercentRange(low, high)})" : share
        );
    }

    private static string Intervals(bool? isApart) =>
        isApart switch
        {
            true => "apart",
            false => "overlap",
            null => "–",
        };
}
