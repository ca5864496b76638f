namespace DasAudit.Evidence.Document;

/// <summary>What a report says where there is little room: who, how much, how sure, and on what grounds.</summary>
internal sealed class ReportBrief(AuditReport report)
{
    internal string Claim { get; } = $"{report.Query.Path}: {Headline.Of(report).Claim}.";

    /// <summary>What the claim rests on; empty where there is nothing.</summary>
    internal string Figures { get; } = Headline.Of(report).Figures is { Length: > 0 } figures ? $"{figures}." : "";

    internal DocumentTable Pictures { get; } = ListedPictures.Brief(report);

    internal Shares? Shares { get; } = Shares.Of(report);

    /// <summary>Rights, the subset, the comparison and the evaluations, so far as there are any.</summary>
    internal IEnumerable<Section> Supplements { get; } =
        new[]
        {
            RightsSection.Brief(report),
            SubsetSection.Of(report),
            ComparisonSection.Brief(report),
            TrustSection.Brief(report),
        }.OfType<Section>();

    internal IEnumerable<Fact> Facts { get; } = BriefFacts.Of(report);

    internal IEnumerable<string> Reading { get; } = ReadingSection.Brief(report);

    /// <summary>What evidence is, and what the reader must know before leaning on the figures.</summary>
    internal IEnumerable<string> Limits { get; } =
    [.. report.Evidence?.Definition ?? [], .. report.Evidence?.Meaning ?? [], .. report.Limits];
}
