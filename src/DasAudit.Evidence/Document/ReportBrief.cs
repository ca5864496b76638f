using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Document;

/// <summary>What a report says where there is little room: who, how much, how sure, and on what grounds.</summary>
internal sealed record ReportBrief
{
    /// <summary>The picture and the claim.</summary>
    internal required string Claim { get; init; }

    /// <summary>What the claim rests on; empty where there is nothing.</summary>
    internal required string Figures { get; init; }

    internal required DocumentTable Pictures { get; init; }

    internal required Shares? Shares { get; init; }

    /// <summary>The subset and the comparison, so far as there are any.</summary>
    internal required IReadOnlyList<Section> Supplements { get; init; }

    internal required IReadOnlyList<Fact> Facts { get; init; }

    /// <summary>What the figures are.</summary>
    internal required IReadOnlyList<string> Reading { get; init; }

    /// <summary>What evidence is, and what the reader must know before leaning on the figures.</summary>
    internal required IReadOnlyList<string> Limits { get; init; }

    internal static ReportBrief Of(AuditReport report)
    {
        var headline = Headline.Of(report);
        var scores = ScoreInfo.Of(report.Method);
        var errors = ReadingSection.HasErrors(report) ? "± is one standard error." : null;
        string?[] reading = [ReadingSection.Score(scores), ReadingSection.Direction(scores), errors];
        Section?[] supplements = [SubsetSection.Of(report), ComparisonSection.Brief(report)];
        return new()
        {
            Claim = $"{report.Query.Path}: {headline.Claim}.",
            Figures = headline.Figures.Length == 0 ? "" : $"{headline.Figures}.",
            Pictures = ListedPictures.Brief(report),
            Shares = Shares.Of(report),
            Supplements = [.. supplements.OfType<Section>()],
            Facts = [.. BriefFacts.Of(report)],
            Reading = [.. reading.OfType<string>()],
            Limits = [.. report.Evidence?.Definition ?? [], .. report.Evidence?.Meaning ?? [], .. report.Limits],
        };
    }
}
