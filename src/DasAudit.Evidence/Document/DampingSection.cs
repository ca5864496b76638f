using DasAudit.Core.Attribution.Damping;

namespace DasAudit.Evidence.Document;

/// <summary>What other dampings would give: the curve, and what the band came to.</summary>
internal static class DampingSection
{
    private const string Title = "What other dampings would give";

    /// <summary>Null where the report has no curve.</summary>
    internal static Section? Of(AuditReport report)
    {
        if (report.DampingCurve is not { } curve)
            return null;
        var table = DocumentTable.Of(Title, Columns(curve), curve);
        return report.DampingBand is { } band
            ? new(Title, table, new Note(Meaning(curve)), new Note(Band(band)))
            : new(Title, table, new Note(Meaning(curve)));
    }

    /// <summary>The ends and the middle of the curve in a few words; null where nothing was measured.</summary>
    internal static string? Brief(AuditReport report)
    {
        if (report.DampingCurve is not { Count: > 0 } curve || !(Recalls(curve) || Agrees(curve)))
            return null;
        DampingPoint[] points = [curve[0], curve[curve.Count / 2], curve[^1]];
        return string.Join("; ", points.Select(point => Brief(curve, point)));
    }

    internal static string Band(DampingBandInfo band)
    {
        var correlation = band.LeastRankCorrelation is { } least
            ? $"the damping that agrees least with the average has rank correlation {Figures.Cosine(least)} with it"
            : "the scores have no order";
        var items = band.Items.Where(item => item.Mean != 0);
        var spreads = items.Select(item => item.Spread / Math.Abs(item.Mean)).Order().ToList();
        if (spreads.Count == 0)
            return $"Over the band, {correlation}.";
        var median = Figures.Percent(spreads[spreads.Count / 2]);
        return $"Over the band, {correlation}, and the score of a listed picture varies by {median} "
            + "(median of the standard deviations).";
    }

    // What was not measured at any point has no column.
    private static IEnumerable<Column<DampingPoint>> Columns(IReadOnlyList<DampingPoint> curve)
    {
        yield return Number("Degrees of freedom", point => Figures.Percent(point.DegreesOfFreedom));
        yield return Number("Damping λ", point => Figures.Score(point.Damping, null));
        if (Recalls(curve))
            yield return Number("Self-recall", RecallWithError);
        if (Agrees(curve))
            yield return Number("Agreement of noise draws", point => Cosine(point.SplitHalfReliability));
    }

    private static Column<DampingPoint> Number(string header, Func<DampingPoint, string> text) =>
        new(header, point => Content.Words(text(point)), ColumnKind.Number);

    private static string Meaning(IReadOnlyList<DampingPoint> curve)
    {
        var sentences = new List<string>
        {
            "Degrees of freedom are given as a part of the rank of the features: the more damping, the fewer.",
        };
        if (Recalls(curve))
            sentences.Add(
                "Self-recall is 1 if each training picture ranks itself first when audited with other noise."
            );
        if (Agrees(curve))
            sentences.Add(
                "Agreement of noise draws is the rank correlation between this picture’s scores from one draw "
                    + "and those from the next."
            );
        return string.Join(' ', sentences);
    }

    private static string Brief(IReadOnlyList<DampingPoint> curve, DampingPoint point)
    {
        var measured = new List<string>();
        if (Recalls(curve))
            measured.Add($"recall {Cosine(point.SelfRecall)}");
        if (Agrees(curve))
            measured.Add($"agreement {Cosine(point.SplitHalfReliability)}");
        return $"df {Figures.Percent(point.DegreesOfFreedom)}: {string.Join(", ", measured)}";
    }

    private static bool Recalls(IReadOnlyList<DampingPoint> curve) => curve.Any(point => point.SelfRecall is not null);

    private static bool Agrees(IReadOnlyList<DampingPoint> curve) =>
        curve.Any(point => point.SplitHalfReliability is not null);

    private static string RecallWithError(DampingPoint point) =>
        point is { SelfRecall: not null, SelfRecallStandardError: { } error }
            ? $"{Cosine(point.SelfRecall)} ± {Figures.Cosine(error)}"
            : Cosine(point.SelfRecall);

    private static string Cosine(double? value) => value is { } known ? Figures.Cosine(known) : "–";
}
