using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Document;

/// <summary>
/// What a report says, once: its sections, their columns, figures and sentences. The forms for people are renderers of
/// it, which add only how it looks.
/// </summary>
internal sealed record ReportDocument
{
    /// <summary>What the scores are called.</summary>
    internal required ScoreWords Words { get; init; }

    /// <summary>The audited picture.</summary>
    internal required QueryInfo Query { get; init; }

    /// <summary>What the report comes to.</summary>
    internal required Headline Headline { get; init; }

    /// <summary>How many pictures were looked at, in a sentence.</summary>
    internal required string Coverage { get; init; }

    /// <summary>What a larger score means, in a sentence.</summary>
    internal required string LargerMeans { get; init; }

    internal required Shares? Shares { get; init; }

    internal required ListedPictures? Pictures { get; init; }

    /// <summary>The subset, the comparison and the damping curve, so far as there are any.</summary>
    internal required IReadOnlyList<Section> Supplements { get; init; }

    internal required Section Reading { get; init; }

    /// <summary>What the reader must know before leaning on the figures.</summary>
    internal required Section Limits { get; init; }

    internal required IReadOnlyList<Section> Circumstances { get; init; }

    /// <summary>The last line: id, time and program.</summary>
    internal required IReadOnlyList<Content> Colophon { get; init; }

    /// <summary>The program.</summary>
    internal required ToolInfo Tool { get; init; }

    /// <summary>All sections in their order.</summary>
    internal IEnumerable<Section> Sections =>
        new[] { Shares?.Section, Pictures?.Section }
            .OfType<Section>()
            .Concat(Supplements)
            .Append(Reading)
            .Append(Limits)
            .Concat(Circumstances);

    internal static ReportDocument Of(AuditReport report)
    {
        var words = ScoreWords.For(report);
        Section?[] supplements = [SubsetSection.Of(report), ComparisonSection.Of(report), DampingSection.Of(report)];
        var limits = report.Limits.Select(Content.Foreign).Append(Content.Words(words.Law));
        return new()
        {
            Words = words,
            Query = report.Query,
            Headline = Headline.Of(report),
            Coverage = Scored(report),
            LargerMeans = $"A larger score means that {VisibleText.Of(ScoreInfo.Of(report.Method).LargerMeans)}.",
            Shares = Shares.Of(report),
            Pictures = ListedPictures.Of(report),
            Supplements = [.. supplements.OfType<Section>()],
            Reading = ReadingSection.Of(report),
            Limits = new("Limits", new Bullets([.. limits])),
            Circumstances = [.. Document.Circumstances.Of(report)],
            Colophon =
            [
                Content.Words("Report "),
                Content.Code(report.Id),
                Content.Figure($" · {Figures.Moment(report.CreatedUtc)}"),
                Content.Words($" · das-audit {report.Tool.Version} (commit "),
                Content.Code(report.Tool.Commit),
                Content.Words(")"),
            ],
            Tool = report.Tool,
        };
    }

    private static string Scored(AuditReport report)
    {
        var (candidates, pictures) = (report.Candidates.Count, report.Dataset.Count);
        var verb = candidates == 1 ? "was" : "were";
        return $"{Figures.Count(candidates)} of {Figures.Count(pictures)} training pictures {verb} scored.";
    }
}
