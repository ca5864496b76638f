using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports;

/// <summary>The damping curve and band as texts.</summary>
internal static class DampingTable
{
    private static readonly string[] Nothing = [];

    /// <summary>Its title.</summary>
    internal const string Title = "What other dampings would give";

    /// <summary>Its columns: what was not measured at any point has none.</summary>
    internal static IReadOnlyList<string> Header(AuditReport report) =>
        [
            "Degrees of freedom",
            "Damping λ",
            .. Recalls(report) ? ["Self-recall"] : Nothing,
            .. Agrees(report) ? ["Agreement of noise draws"] : Nothing,
        ];

    /// <summary>A row for each point; empty where the report has no curve.</summary>
    internal static IEnumerable<IReadOnlyList<string>> Rows(AuditReport report) =>
        (report.DampingCurve ?? []).Select<DampingPoint, string[]>(point =>
            [
                Figures.Percent(point.DegreesOfFreedom),
                Figures.Score(point.Damping, null),
                .. Recalls(report) ? [Recall(point)] : Nothing,
                .. Agrees(report) ? [Agreement(point)] : Nothing,
            ]
        );

    /// <summary>What the columns mean, and what a band came to.</summary>
    internal static IEnumerable<string> Notes(AuditReport report)
    {
        yield return "Degrees of freedom are a part of the rank of the features: much damping leaves few."
            + (
                Recalls(report)
                    ? " Self-recall is 1 where each training picture finds itself first when it is asked for with other noise."
                    : ""
            )
            + (
                Agrees(report)
                    ? " Agreement of noise draws is the rank correlation of this picture’s scores in one with those in the next."
                    : ""
            );
        if (report.DampingBand is { } band)
            yield return Band(band);
    }

    /// <summary>What a band came to, in a sentence.</summary>
    internal static string Band(DampingBandInfo band)
    {
        var correlation = band.LeastRankCorrelation is { } least
            ? $"the damping that agrees least with the average has rank correlation {Figures.Cosine(least)} with it"
            : "the scores have no order";
        var spreads = band
            .Items.Where(item => item.Mean != 0)
            .Select(item => item.Spread / Math.Abs(item.Mean))
            .Order()
            .ToList();
        return spreads.Count == 0
            ? $"Over the band, {correlation}."
            : $"Over the band, {correlation}, and the score of a listed picture varies by {Figures.Percent(spreads[spreads.Count / 2])} (median of the standard deviations).";
    }

    /// <summary>The ends and the middle of the curve in a few words; null where the report has none or nothing was measured at it.</summary>
    internal static string? Brief(AuditReport report) =>
        report.DampingCurve is not { Count: > 0 } curve || !(Recalls(report) || Agrees(report))
            ? null
            : string.Join(
                "; ",
                new[] { curve[0], curve[curve.Count / 2], curve[^1] }.Select(point =>
                    $"df {Figures.Percent(point.DegreesOfFreedom)}: "
                    + string.Join(
                        ", ",
                        (string[])
                            [
                                .. Recalls(report)
                                    ? [$"recall {(point.SelfRecall is { } recall ? Figures.Cosine(recall) : "–")}"]
                                    : Nothing,
                                .. Agrees(report) ? [$"agreement {Agreement(point)}"] : Nothing,
                            ]
                    )
                )
            );

    private static bool Recalls(AuditReport report) =>
        report.DampingCurve?.Any(point => point.SelfRecall is not null) == true;

    private static bool Agrees(AuditReport report) =>
        report.DampingCurve?.Any(point => point.SplitHalfReliability is not null) == true;

    private static string Agreement(DampingPoint point) =>
        point.SplitHalfReliability is { } split ? Figures.Cosine(split) : "–";

    private static string Recall(DampingPoint point) =>
        point switch
        {
            { SelfRecall: { } recall, SelfRecallStandardError: { } error } =>
                $"{Figures.Cosine(recall)} ± {Figures.Cosine(error)}",
            { SelfRecall: { } recall } => Figures.Cosine(recall),
            _ => "–",
        };
}
