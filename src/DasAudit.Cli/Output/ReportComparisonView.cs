using DasAudit.Core.Reports;
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

    public static IRenderable Of(ReportComparison comparison)
    {
        var document = new ReportComparisonDocument(comparison, ShownText);
        var parts = new List<IRenderable>
        {
            Line($"A is {comparison.A}, B is {comparison.B}."),
            Line(document.Verdict),
        };
        foreach (var differences in document.Differences)
            AddDifferences(parts, differences);
        parts.Add(Line(""));
        parts.Add(Line(document.Agreement));
        Add(parts, document.Pictures, ShownPictures);
        if (document.Shares is { } shares)
            Add(parts, shares, ShownGroups);
        else
            parts.Add(Line(ReportComparisonDocument.NoShares));
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

    private static void AddDifferences(List<IRenderable> parts, DocumentTable differences)
    {
        parts.Add(Line(""));
        var isNone = differences.Rows.Count == 0;
        parts.Add(Line(isNone ? $"{differences.Label}: no difference." : $"{differences.Label}: these differ."));
        if (!isNone)
            parts.Add(TableView.Of(differences));
    }

    private static void Add(List<IRenderable> parts, DocumentTable table, int shown)
    {
        parts.Add(TableView.Of(table with { Rows = [.. table.Rows.Take(shown)] }));
        if (table.Rows.Count > shown)
            parts.Add(Line($"and {Numbers.Count(table.Rows.Count - shown)} more; --json lists them"));
    }

    private static Text Line(string text) => new(VisibleText.Of(text));
}
