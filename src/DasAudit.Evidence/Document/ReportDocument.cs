namespace DasAudit.Evidence.Document;

/// <summary>What a report says, once. The forms for people are renderers that add only how it looks.</summary>
internal sealed class ReportDocument(AuditReport report)
{
    internal ScoreWords Words { get; } = ScoreWords.For(report);

    internal string Id => report.Id;

    internal QueryInfo Query => report.Query;

    internal ToolInfo Tool => report.Tool;

    internal Headline Headline { get; } = Headline.Of(report);

    /// <summary>The report's title, for a name of the picture.</summary>
    internal string Title(string picture) => Words.Title(RegionWords.Titled(report.Query, picture));

    /// <summary>How many pictures were looked at, in a sentence.</summary>
    internal string Coverage { get; } = Scored(report.Candidates.Count, report.Dataset.Count);

    /// <summary>What a larger score means, in a sentence.</summary>
    internal string LargerMeans { get; } =
        $"A larger score means that {VisibleText.Of(ScoreInfo.Of(report.Method).LargerMeans)}.";

    internal Shares? Shares { get; } = Shares.Of(report);

    internal ListedPictures? Pictures { get; } = ListedPictures.Of(report);

    /// <summary>Rights, subset, comparison, damping curve and evaluations, so far as there are any.</summary>
    internal IReadOnlyList<Section> Supplements { get; } =
    [
        .. new[]
        {
            RightsSection.Of(report),
            SubsetSection.Of(report),
            ComparisonSection.Of(report),
            DampingSection.Of(report),
            TrustSection.Of(report),
        }.OfType<Section>(),
    ];

    internal Section Reading { get; } = ReadingSection.Of(report);

    internal Section? Estimand { get; } = EstimandSection.Of(report);

    internal Section Limits { get; } =
        new(
            "Limits",
            new Bullets([.. report.Limits.Select(Content.Foreign), Content.Words(ScoreWords.For(report).Law)])
        );

    internal Section Glossary { get; } = GlossarySection.Of(report);

    /// <summary>Who made it, and how to check it.</summary>
    internal IReadOnlyList<Section> Custody { get; } = [CustodySection.Of(report), CustodySection.Verification(report)];

    internal IReadOnlyList<Section> Circumstances { get; } = [.. Document.Circumstances.Of(report)];

    internal IEnumerable<Section> Sections =>
        new[] { Shares?.Section, Pictures?.Section }
            .OfType<Section>()
            .Concat([.. Supplements, Reading])
            .Concat(Estimand is null ? [] : [Estimand])
            .Concat([Limits, Glossary, .. Custody, .. Circumstances]);

    /// <summary>The last line: id, time and program.</summary>
    internal IReadOnlyList<Content> Colophon { get; } =
    [
        Content.Words("Report "),
        Content.Code(report.Id),
        Content.Figure($" · {Figures.Moment(report.CreatedUtc)}"),
        Content.Words($" · das-audit {report.Tool.Version} (commit "),
        Content.Code(report.Tool.Commit),
        Content.Words(")"),
    ];

    private static string Scored(int candidates, int pictures)
    {
        var verb = candidates == 1 ? "was" : "were";
        return $"{Figures.Count(candidates)} of {Figures.Count(pictures)} training pictures {verb} scored.";
    }
}
