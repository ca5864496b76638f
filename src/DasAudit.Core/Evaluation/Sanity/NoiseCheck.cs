using System.Globalization;
using DasAudit.Core.Attribution;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>Whether the first pictures stay the first ones under other noise.</summary>
/// <param name="pictures">Number of training pictures.</param>
internal sealed class NoiseCheck(RealScores scores, QueryBootstrap bootstrap, int pictures) : ISanityCheck
{
    private const string Id = "noise";
    private const int UsualTop = 10;

    // Of fewer pictures the first ten would be most of all.
    private const int LeastPart = 4;

    private const double Threshold = 0.5;

    private readonly int _top = Math.Max(1, Math.Min(UsualTop, pictures / LeastPart));

    public SanityCheck Description =>
        new(
            Id,
            string.Create(CultureInfo.InvariantCulture, $"Do the first {_top} stay the first under other noise?"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Part of the first {_top} that two single noise draws have in common; passes where the interval is "
                    + $"above the threshold."
            )
        );

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods) => [.. methods.Select(Check)];

    private SanityFinding Check(IAttributionMethod method)
    {
        var overlaps = scores.Of(method).Select(query => query.OverPairs(Overlap)).OfType<double>().ToList();
        if (overlaps.Count == 0)
            return SanityFinding.NotApplicable(
                Id,
                "There is no noise in its scores, or there is one noise draw alone."
            );
        var figure = bootstrap.Mean(overlaps);
        return SanityFinding.Of(
            Id,
            figure.Low > Threshold,
            figure,
            Threshold,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Which pictures are its first {_top} depends on the noise as much as on anything else: of one draw's, "
                    + $"{figure.Value:0%} are another's."
            )
        );
    }

    private double Overlap(double[] a, double[] b) =>
        (double)Ranking.Top(a, _top).Intersect(Ranking.Top(b, _top)).Count() / _top;
}
