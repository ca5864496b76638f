using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Exports;

/// <summary>What the forms for people say alike.</summary>
internal static class Words
{
    /// <summary>The group key of items whose metadata is silent.</summary>
    internal const string NotStated = "(not stated)";

    /// <summary>The group key of an attribution; null where the report groups by something that attributions do not carry.</summary>
    internal static string? GroupOf(AuditReport report, AttributedPicture attribution) =>
        report.GroupedBy switch
        {
            "rights-holder" => attribution.RightsHolder ?? NotStated,
            "license" => attribution.License ?? NotStated,
            "author" => attribution.Author ?? NotStated,
            _ => null,
        };

    /// <summary>The group key as a heading: "rights holder".</summary>
    internal static string GroupedBy(AuditReport report) =>
        report.GroupedBy switch
        {
            "license" => "licence",
            "cluster" => "cluster of near-duplicates",
            var other => other.Replace('-', ' '),
        };

    /// <summary>The pictures of a group: "pictures of Google LLC".</summary>
    internal static string PicturesOf(AuditReport report, string key) =>
        (report.GroupedBy, key) switch
        {
            (_, NotStated) => $"pictures whose {GroupedBy(report)} is not stated",
            ("rights-holder", _) => $"pictures of {key}",
            ("license", _) => $"pictures under {key}",
            ("author", _) => $"pictures by {key}",
            ("cluster", _) => $"pictures that look like {key}",
            _ => $"pictures of {GroupedBy(report)} {key}",
        };

    /// <summary>A share with its interval: "62 %, 95 % interval 55–69 %"; <paramref name="what"/> follows the first per cent sign.</summary>
    internal static string Share(GroupShare group, string what = "") =>
        Figures.Percent(group.Share)
        + what
        + (
            group is { Low: { } low, High: { } high }
                ? $", {Figures.Percent(0.95)} interval {Figures.PercentRange(low, high)}"
                : ""
        );

    /// <summary>The direction of an influence: "helps make it".</summary>
    internal static string Direction(AttributedPicture attribution) =>
        attribution.Direction switch
        {
            < 0 => "works against it",
            0 => "neither",
            _ => "helps make it",
        };

    /// <summary>Whether the report tells pictures that help from those that hinder.</summary>
    internal static bool HasDirection(AuditReport report) =>
        ScoreInfo.Of(report.Method).Direction != ScoreDirection.None;

    /// <summary>Whether the report has standard errors or intervals.</summary>
    internal static bool HasErrors(AuditReport report) =>
        report.Attributions.Any(a => a.StandardError is not null) || report.Groups.Any(g => g.Low is not null);

    /// <summary>Heading of scores.</summary>
    internal static string ScoreHeading(AuditReport report) =>
        report.Attributions.Any(a => a.StandardError is not null) ? "Score ± standard error" : "Score";

    /// <summary>The word for the evidence: "strong".</summary>
    internal static string Strength(AttributedPicture attribution) => attribution.Strength?.Name() ?? "–";

    /// <summary>A p-value or q-value; a dash where there is none.</summary>
    internal static string Probability(double? value) => value is { } known ? Figures.Probability(known) : "–";

    /// <summary>The p-values of a group: "p = 0.01, q = 0.04"; empty where it was not tested.</summary>
    internal static string Probabilities(GroupShare group) =>
        group is { PValue: { } p, QValue: { } q } ? $"{Equal("p", p)}, {Equal("q", q)}" : "";

    /// <summary>A p-value or q-value with its letter: "p = 0.01", or "p &lt; 0.0001".</summary>
    internal static string Equal(string letter, double value) =>
        Figures.Probability(value) is ['<', .. var bound]
            ? $"{letter} < {bound}"
            : $"{letter} = {Figures.Probability(value)}";

    /// <summary>What a null pool is made of.</summary>
    internal static string Pool(NullPoolKind kind) =>
        kind switch
        {
            NullPoolKind.Queries => "other queries",
            NullPoolKind.MatchedDecoys => "decoys of the same similarity to the picture",
            _ => "decoys",
        };

    /// <summary>The direction as a sign.</summary>
    internal static string DirectionSign(AttributedPicture attribution) =>
        attribution.Direction switch
        {
            < 0 => "▼",
            0 => "–",
            _ => "▲",
        };

    /// <summary>Why a picture was a candidate.</summary>
    internal static string Tiers(AttributedPicture attribution) =>
        attribution.Tiers.Count == 0 ? "not recorded" : string.Join(", ", attribution.Tiers.Select(Tier));

    /// <summary>The name of a tier; one that is not known here stands as it is.</summary>
    internal static string Tier(string name) =>
        name switch
        {
            "exact" => "identical picture",
            "near-duplicate" => "near-duplicate",
            "semantic" => "similar content",
            "included-owner" => "owner always included",
            "all" => "whole dataset",
            "control" => "random control",
            _ => name,
        };

    /// <summary>What a person would call the picture.</summary>
    internal static string Name(AttributedPicture attribution) =>
        string.IsNullOrWhiteSpace(attribution.Title) ? attribution.Item : attribution.Title;

    /// <summary>How many pictures were looked at.</summary>
    internal static string Coverage(AuditReport report) =>
        $"{Figures.Count(report.Candidates.Count)} of {Figures.Count(report.Dataset.Count)} training pictures {(report.Candidates.Count == 1 ? "was" : "were")} scored";

    /// <summary>How the most influential subset was sought.</summary>
    internal static string SubsetNote(AuditReport report, SubsetInfo subset) =>
        (
            subset.Order.Count == 0
                ? "No picture that was scored adds anything. "
                : $"The number is the {ScoreWords.For(report).Of} of all pictures up to here together. "
        )
        + subset.Search switch
        {
            "refit" =>
                "Each picture is the one whose absence adds most to that of those before it, the linearised model being fitted again after each.",
            "adaptive" => "Each picture is the one that adds most to those before it.",
            _ => "Scores of this method add up, so the pictures stand by falling score.",
        };

    /// <summary>What a larger score of the report means, in a sentence.</summary>
    internal static string LargerMeans(AuditReport report) =>
        $"A larger score means that {VisibleText.Of(ScoreInfo.Of(report.Method).LargerMeans)}.";

    /// <summary>What a compared method's scores mean, in a sentence.</summary>
    internal static string LargerMeans(ComparedMethod method) =>
        $"{method.Id}: a larger score means that {method.LargerMeans}.";

    /// <summary>How far two methods agree, in a sentence.</summary>
    internal static string Agreement(RankAgreement agreement) =>
        $"{agreement.A} and {agreement.B}: rank correlation {Figures.Cosine(agreement.Spearman)} (Spearman), {Figures.Cosine(agreement.Kendall)} (Kendall); {Figures.Percent(agreement.TopOverlap)} of the first {Figures.Count(agreement.Top)} in common.";
}
