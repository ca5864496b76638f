using MathNet.Numerics.Statistics;

namespace DasAudit.Evidence.Comparisons;

/// <summary>How far the listed pictures of two reports agree.</summary>
/// <param name="Top">k: the number of pictures that both list.</param>
/// <param name="TopOverlap">
/// The part of the first k of one that is among the first k of the other; null if k is 0.
/// </param>
/// <param name="Spearman">
/// Rank correlation of the scores of pictures that both list; null for fewer than three, or where all are equal.
/// </param>
/// <param name="Pictures">All that either lists, as the first orders them, then as the second does.</param>
internal sealed record RankingComparison(
    int Top,
    double? TopOverlap,
    double? Spearman,
    IReadOnlyList<ComparedPicture> Pictures
)
{
    private const int FewestForCorrelation = 3;

    /// <summary>Pictures that both list.</summary>
    internal IEnumerable<ComparedPicture> Common => Pictures.Where(picture => picture is { A: not null, B: not null });

    /// <summary>Whether both list the same pictures with the same ranks, scores and words.</summary>
    internal bool IsSame => Pictures.All(picture => picture.IsSame);

    /// <summary>Compares the listed pictures; those with the same path and file are the same.</summary>
    internal static RankingComparison Of(AuditReport a, AuditReport b)
    {
        var pictures = ComparedPicture.Of(a.Attributions, b.Attributions);
        var common = pictures.Where(picture => picture is { A: not null, B: not null }).ToList();
        var top = Math.Min(a.Attributions.Count, b.Attributions.Count);
        var inBoth = common.Count(picture => picture.A!.Rank <= top && picture.B!.Rank <= top);
        double[] first = [.. common.Select(picture => picture.A!.Score)];
        double[] second = [.. common.Select(picture => picture.B!.Score)];
        return new(
            top,
            top == 0 ? null : (double)inBoth / top,
            common.Count < FewestForCorrelation ? null : Correlate(first, second),
            pictures
        );
    }

    // Undefined where all scores of a side are equal.
    private static double? Correlate(double[] a, double[] b) =>
        Correlation.Spearman(a, b) is var correlation && double.IsFinite(correlation) ? correlation : null;
}
