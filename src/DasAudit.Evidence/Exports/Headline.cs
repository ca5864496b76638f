using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Exports;

/// <summary>
/// What the report comes to, in plain words and no stronger than its figures allow: the one place where that is decided.
/// <para>
/// A share is a part of what was measured, whatever that is, and shares sum to 1 even where all is noise. So a claim about a group needs more than the
/// largest share. It must stand out from random groups of as many pictures (q at most 0.05 by the group permutation, where groups were tested); it must have an
/// interval, without which nothing is said but which group the largest part was measured for; its interval must lie above the intervals of all others, and for
/// "mostly" above one half. One group alone has nobody to stand out from. Where no listed picture is established the figures say so, since the reader will
/// look at single pictures next. Scores that measure resemblance never make a claim of owing, and random ones none at all.
/// </para>
/// </summary>
/// <param name="Claim">Without a full stop.</param>
/// <param name="Figures">What the claim rests on; empty where there is nothing.</param>
internal sealed record Headline(string Claim, string Figures)
{
    private const double MostQ = 0.05;

    internal static Headline Of(AuditReport report)
    {
        var kind = ScoreInfo.Of(report.Method).Kind;
        if (report.Attributions.Count == 0)
            return new("No training picture was scored", "");
        if (kind == ScoreKind.Chance)
            return new("These scores were drawn at random and say nothing about this picture", "");
        if (report.Groups is not [{ Share: > 0 } first, ..])
            return kind == ScoreKind.Resemblance
                ? new($"By these scores no {Words.GroupedBy(report)}’s pictures resemble this picture", "")
                : new($"No part in this picture was measured for any {Words.GroupedBy(report)}", Established(report));
        if (report.Groups.Count == 1)
            return new(
                $"All pictures that were scored are {Words.PicturesOf(report, first.Key)}, so shares say nothing here",
                Established(report)
            );
        return kind == ScoreKind.Resemblance ? Resemblance(report, first) : Influence(report, first);
    }

    private static Headline Influence(AuditReport report, GroupShare first)
    {
        var (group, pictures) = (Words.GroupedBy(report), Words.PicturesOf(report, first.Key));
        var measured = Words.Share(first, " of the measured influence");
        if (!StandsOut(first))
        {
            var chance =
                $"{first.Key} {measured}: no more than random groups of as many pictures have ({Words.Probabilities(first)})";
            return report.Groups.FirstOrDefault(StandsOut) is not { } other
                ? new($"No {group} stands out from chance", With(chance, report))
                : new(
                    $"No {group} has the largest part beyond chance, but {Words.PicturesOf(report, other.Key)} have more than random pictures would",
                    With($"{chance}; {other.Key} {Words.Share(other)} ({Words.Probabilities(other)})", report)
                );
        }

        if (first.Low is not { } low)
            return new(
                $"The largest part that was measured is that of {pictures}",
                With($"{measured}, without an interval", report)
            );
        if (low > 0.5)
            return new($"This picture is owed mostly to {pictures}", With(measured, report));
        var second = report.Groups[1];
        var both = With($"{first.Key} {Words.Share(first)}; {second.Key} {Words.Share(second)}", report);
        return report.Groups.Skip(1).All(other => other.High < low)
            ? new($"This picture is owed more to {pictures} than to those of any other {group}", both)
            : new($"No single {group} stands out", both);
    }

    // Sums of likenesses grow with the number of pictures, so the largest share means little: the test against random groups of the same size decides.
    private static Headline Resemblance(AuditReport report, GroupShare first)
    {
        const string No = "Resemblance is no evidence that the model learnt from a picture";
        var tested = report.Groups.Where(group => group.QValue is not null).ToList();
        if (tested.Count == 0)
            return new(
                $"The largest part of the resemblance is that of {Words.PicturesOf(report, first.Key)}",
                $"{Words.Share(first)}. {No}"
            );
        return tested.FirstOrDefault(StandsOut) is { } alike
            ? new(
                $"{Upper(Words.PicturesOf(report, alike.Key))} resemble this picture more than random pictures do",
                $"{Words.Probabilities(alike)}. {No}"
            )
            : new(
                $"It is not shown that any {Words.GroupedBy(report)}’s pictures resemble this picture more than random pictures do",
                No
            );
    }

    private static bool StandsOut(GroupShare group) => !(group.QValue > MostQ);

    private static string With(string figures, AuditReport report) =>
        Established(report) is { Length: > 0 } established ? $"{figures}. {established}" : figures;

    private static string Established(AuditReport report) =>
        report.Evidence is not null
        && ScoreInfo.Of(report.Method).Kind == ScoreKind.Influence
        && report.Attributions.All(a => a.Strength is null or EvidenceStrength.NotEstablished)
            ? "No single picture is established"
            : "";

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
