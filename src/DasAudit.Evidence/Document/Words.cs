using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Document;

/// <summary>Names of things that several sections speak of.</summary>
internal static class Words
{
    /// <summary>The interval of shares: "95 % interval".</summary>
    internal static readonly string Interval = $"{Figures.Percent(0.95)} interval";

    /// <summary>The group key as a heading: "rights holder".</summary>
    internal static string GroupedBy(AuditReport report) =>
        report.GroupedBy switch
        {
            "license" => "licence",
            "cluster" => "cluster of near-duplicates",
            var name => name.Replace('-', ' '),
        };

    /// <summary>The pictures of a group: "pictures of Google LLC".</summary>
    internal static string PicturesOf(AuditReport report, string key) =>
        (report.GroupedBy, key) switch
        {
            (_, GroupKey.NotStated) => $"pictures whose {GroupedBy(report)} is not stated",
            ("rights-holder", _) => $"pictures of {key}",
            ("license", _) => $"pictures under {key}",
            ("author", _) => $"pictures by {key}",
            ("cluster", _) => $"pictures that look like {key}",
            _ => $"pictures of {GroupedBy(report)} {key}",
        };

    /// <summary>A p-value and its q-value: "p = 0.01, q = 0.04"; empty where there was no test.</summary>
    internal static string Probabilities(double? p, double? q) =>
        p is { } pValue && q is { } qValue ? $"{Equal("p", pValue)}, {Equal("q", qValue)}" : "";

    internal static Content Probability(double? value) => Content.Words(value is { } v ? Figures.Probability(v) : "–");

    internal static string Pool(NullPoolKind kind) =>
        kind switch
        {
            NullPoolKind.Queries => "other queries",
            NullPoolKind.MatchedDecoys => "decoys of the same similarity to the picture",
            _ => "decoys",
        };

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

    private static string Equal(string letter, double value) =>
        Figures.Probability(value) is ['<', .. var bound]
            ? $"{letter} < {bound}"
            : $"{letter} = {Figures.Probability(value)}";
}
