using System.Text.Json.Nodes;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Comparisons;
using DasAudit.Evidence.Document;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>What differs between two reports, for the console and as JSON.</summary>
internal static class ReportComparisonView
{
    private const int ShownPictures = 20;
    private const int ShownGroups = 10;
    private const int ShownText = 32;

    private static readonly IReadOnlyList<Column<ReportDifference>> DifferenceColumns =
    [
        new("", difference => Content.Words(difference.Name), ColumnKind.Word),
        new("A", difference => Value(difference.A)),
        new("B", difference => Value(difference.B)),
    ];

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

    public static IRenderable Of(ReportComparison comparison)
    {
        var parts = new List<IRenderable>
        {
            Line($"A is {comparison.A}, B is {comparison.B}."),
            Line(Verdict(comparison)),
        };
        AddDifferences(parts, "Inputs by their hashes", comparison.Inputs);
        AddDifferences(parts, "Settings", comparison.Settings);
        AddDifferences(parts, "Circumstances", comparison.Circumstances);
        parts.Add(Line(""));
        parts.Add(Line(Agreement(comparison.Ranking)));
        parts.Add(
            TableView.Of(DocumentTable.Of("Pictures", PictureColumns, comparison.Ranking.Pictures.Take(ShownPictures)))
        );
        AddRest(parts, comparison.Ranking.Pictures.Count, ShownPictures);
        if (comparison.GroupedBy is null)
            parts.Add(Line("Shares cannot be compared, because the groups are of different kinds."));
        else
            parts.Add(TableView.Of(DocumentTable.Of("Shares", GroupColumns, comparison.Groups.Take(ShownGroups))));
        AddRest(parts, comparison.Groups.Count, ShownGroups);
        return new Rows(parts);
    }

    public static object Document(ReportComparison comparison) =>
        new
        {
            schema = ReportComparison.SchemaId,
            a = comparison.A,
            b = comparison.B,
            same = comparison.IsSame,
            inputs = comparison.Inputs,
            settings = comparison.Settings,
            circumstances = comparison.Circumstances,
            ranking = new
            {
                top = comparison.Ranking.Top,
                topOverlap = comparison.Ranking.TopOverlap,
                spearman = comparison.Ranking.Spearman,
                common = comparison.Ranking.Common.Count(),
                pictures = comparison.Ranking.Pictures.Select(picture => new
                {
                    item = picture.Item,
                    sha256 = (picture.A ?? picture.B)!.Sha256,
                    a = FiguresOf(picture.A),
                    b = FiguresOf(picture.B),
                }),
            },
            groupedBy = comparison.GroupedBy,
            groups = comparison.Groups.Select(group => new
            {
                key = group.Key,
                a = Interval(group.A),
                b = Interval(group.B),
                apart = group.IsApart,
            }),
        };

    private static object? FiguresOf(AttributedPicture? picture) =>
        picture is null
            ? null
            : new
            {
                rank = picture.Rank,
                score = picture.Score,
                standardError = picture.StandardError,
                strength = picture.Strength,
            };

    private static object? Interval(GroupShare? group) =>
        group is null
            ? null
            : new
            {
                share = group.Share,
                low = group.Low,
                high = group.High,
            };

    private static string Verdict(ReportComparison comparison)
    {
        if (comparison.IsSame)
            return "The same inputs and settings gave the same scores, words and shares.";
        var isSameInput = comparison.Inputs.Count == 0 && comparison.Settings.Count == 0;
        return isSameInput
            ? "The same inputs and settings gave other results."
            : "They differ in what went in, so that other results are to be expected.";
    }

    private static string Agreement(RankingComparison ranking)
    {
        var common = ranking.Common.Count();
        if (ranking.TopOverlap is not { } overlap)
            return "One of them lists no pictures.";
        var correlation = ranking.Spearman is { } spearman
            ? $"; rank correlation of the {Numbers.Count(common, "picture")} that both list: "
                + $"{Figures.Cosine(spearman)} (Spearman)"
            : $"; both list {Numbers.Count(common, "picture")}, too few for a rank correlation";
        return $"{Figures.Percent(overlap)} of the first {ranking.Top} in common{correlation}.";
    }

    private static void AddDifferences(
        List<IRenderable> parts,
        string title,
        IReadOnlyList<ReportDifference> differences
    )
    {
        parts.Add(Line(""));
        parts.Add(Line(differences.Count == 0 ? $"{title}: no difference." : $"{title}: these differ."));
        if (differences.Count > 0)
            parts.Add(TableView.Of(DocumentTable.Of(title, DifferenceColumns, differences)));
    }

    private static void AddRest(List<IRenderable> parts, int count, int shown)
    {
        if (count > shown)
            parts.Add(Line($"and {Numbers.Count(count - shown)} more; --json lists them"));
    }

    private static Text Line(string text) => new(VisibleText.Of(text));

    private static Content Value(JsonNode? value)
    {
        var text = value is JsonValue single ? single.ToString() : value?.ToJsonString();
        if (text is null)
            return Content.None;
        return Content.Code(text.Length > ShownText ? string.Concat(text.AsSpan(0, ShownText), "…") : text);
    }

    private static Content Rank(AttributedPicture? picture) =>
        picture is null ? Content.None : Content.Figure(Numbers.Count(picture.Rank));

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
