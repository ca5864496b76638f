using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Document;

/// <summary>
/// What the report comes to, in plain words and no stronger than its figures allow; decided here alone.
/// <para>Shares sum to 1 even where all is noise, so a claim about a group needs more than the largest share. The group
/// must stand out from random groups of as many pictures (q at most 0.05, where groups were tested). It must have an
/// interval; without one only the largest part is named. The interval must lie above those of all other groups, and
/// above one half for "mostly". A single group has nobody to stand out from. The figures say so where no listed picture
/// is established, since the reader looks at single pictures next. Rankings that are those of other queries claim
/// nothing. Scores that measure resemblance never claim that
/// anything is owed, and random ones claim nothing.</para>
/// </summary>
/// <param name="Claim">Without a full stop.</param>
/// <param name="Figures">What the claim rests on; empty where there is nothing.</param>
internal sealed record Headline(string Claim, string Figures)
{
    private const double MostQ = 0.05;
    private const string NoEvidence = "Resemblance is no evidence that the model learnt from a picture";

    internal static Headline Of(AuditReport report)
    {
        var kind = ScoreInfo.Of(report.Method).Kind;
        if (report.Attributions.Count == 0)
            return new("No training picture was scored", "");
        if (kind == ScoreKind.Chance)
            return new($"These scores were drawn at random and say nothing about {RegionWords.Asked(report)}", "");
        if (report.Evidence?.SameRanking is not null)
            return new(
                "These scores rank the training pictures as they do for other pictures, and say nothing about "
                    + RegionWords.Asked(report),
                ""
            );
        if (report.Groups is not [{ Share: > 0 } first, ..])
            return Nothing(report, kind);
        if (report.Groups.Count > 1)
            return kind == ScoreKind.Resemblance ? Resemblance(report, first) : Influence(report, first);

        var pictures = Words.PicturesOf(report, first.Key);
        return new($"All pictures that were scored are {pictures}, so shares say nothing here", Established(report));
    }

    private static Headline Nothing(AuditReport report, ScoreKind kind)
    {
        var group = Words.GroupedBy(report);
        return kind == ScoreKind.Resemblance
            ? new($"By these scores no {group}’s pictures resemble {RegionWords.Asked(report)}", "")
            : new($"No part in {RegionWords.Asked(report)} was measured for any {group}", Established(report));
    }

    private static Headline Influence(AuditReport report, GroupShare first)
    {
        if (!StandsOut(first))
            return MatchedByChance(report, first);

        var pictures = Words.PicturesOf(report, first.Key);
        var measured = Measured(first);
        var asked = Upper(RegionWords.Asked(report));
        if (first.Low is not { } low)
        {
            var figures = With($"{measured}, without an interval", report);
            return new($"The largest part that was measured is that of {pictures}", figures);
        }

        if (low > 0.5)
            return new($"{asked} is owed mostly to {pictures}", With(measured, report));

        var second = report.Groups[1];
        var firstTwo = With($"{first.Key} {Share(first)}; {second.Key} {Share(second)}", report);
        var group = Words.GroupedBy(report);
        return report.Groups.Skip(1).All(other => other.High < low)
            ? new($"{asked} is owed more to {pictures} than to those of any other {group}", firstTwo)
            : new($"No single {group} stands out", firstTwo);
    }

    private static Headline MatchedByChance(AuditReport report, GroupShare first)
    {
        var group = Words.GroupedBy(report);
        var chance =
            $"{first.Key} {Measured(first)}: no more than random groups of as many pictures have ({Tested(first)})";
        if (report.Groups.FirstOrDefault(StandsOut) is not { } exception)
            return new($"No {group} stands out from chance", With(chance, report));

        var pictures = Words.PicturesOf(report, exception.Key);
        return new(
            $"No {group} has the largest part beyond chance, but {pictures} have more than random pictures would",
            With($"{chance}; {exception.Key} {Share(exception)} ({Tested(exception)})", report)
        );
    }

    // Sums of likenesses grow with the number of pictures, so the largest share means little: the test against random
    // groups of the same size decides.
    private static Headline Resemblance(AuditReport report, GroupShare first)
    {
        var tested = report.Groups.Where(group => group.QValue is not null).ToList();
        if (tested.Count == 0)
        {
            var pictures = Words.PicturesOf(report, first.Key);
            return new($"The largest part of the resemblance is that of {pictures}", $"{Share(first)}. {NoEvidence}");
        }

        var beyond = $"resemble {RegionWords.Asked(report)} more than random pictures do";
        return tested.FirstOrDefault(StandsOut) is { } alike
            ? new($"{Upper(Words.PicturesOf(report, alike.Key))} {beyond}", $"{Tested(alike)}. {NoEvidence}")
            : new($"It is not shown that any {Words.GroupedBy(report)}’s pictures {beyond}", NoEvidence);
    }

    private static bool StandsOut(GroupShare group) => !(group.QValue > MostQ);

    private static string Tested(GroupShare group) => Words.Probabilities(group.PValue, group.QValue);

    private static string Measured(GroupShare group) => Share(group, " of the measured influence");

    /// <summary>A share with its interval: "62 %, 95 % interval 55–69 %".</summary>
    private static string Share(GroupShare group, string ofWhat = "")
    {
        var share = Document.Figures.Percent(group.Share) + ofWhat;
        return group is { Low: { } low, High: { } high }
            ? $"{share}, {Words.Interval} {Document.Figures.PercentRange(low, high)}"
            : share;
    }

    private static string With(string figures, AuditReport report) =>
        Established(report) is { Length: > 0 } established ? $"{figures}. {established}" : figures;

    private static string Established(AuditReport report) =>
        report.Evidence is not null
        && ScoreInfo.Of(report.Method).Kind == ScoreKind.Influence
        && report.Attributions.All(picture => picture.Strength is null or EvidenceStrength.NotEstablished)
            ? "No single picture is established"
            : "";

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
