using System.Globalization;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Comparisons;
using DasAudit.Evidence.Document;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Output;

/// <summary>What running an audit again gave, for the console and as JSON.</summary>
internal static class ReplayView
{
    private const int Shown = 20;

    private static readonly IReadOnlyList<Column<InputDifference>> InputColumns =
    [
        new("input", input => Content.Words(input.Input)),
        new("read now", input => Content.Foreign(input.Path)),
        new("hash in the report", input => Content.Code(input.Expected)),
        new("hash now", input => Content.Code(input.Found)),
    ];

    private static readonly IReadOnlyList<Column<ReplayDifference>> Columns =
    [
        new("", difference => Content.Words(difference.What), ColumnKind.Word),
        new("of", difference => Content.Foreign(difference.Of)),
        new("in the report", difference => Text(difference.Stored)),
        new("now", difference => Text(difference.Replayed)),
        new("apart by", difference => By(difference.By), ColumnKind.Number),
    ];

    public static IRenderable OtherInputs(AuditReport report, IReadOnlyList<InputDifference> inputs) =>
        new Rows(
            Line($"Nothing was computed: inputs are not those of the report {report.Id}."),
            TableView.Of(DocumentTable.Of("Inputs", InputColumns, inputs))
        );

    public static IRenderable Of(ReplayComparison replay)
    {
        var parts = new List<IRenderable> { Line(Sentence(replay)) };
        if (replay.Differences.Count > 0)
            parts.Add(TableView.Of(DocumentTable.Of("Differences", Columns, replay.Differences.Take(Shown))));
        if (replay.Differences.Count > Shown)
            parts.Add(Line($"and {Numbers.Count(replay.Differences.Count - Shown)} more; --json lists them"));
        var circumstances = replay.Comparison.Circumstances.Select(difference => difference.Name).ToList();
        if (circumstances.Count > 0)
            parts.Add(Line($"Other circumstances than then: {string.Join(", ", circumstances)}."));
        return new Rows(parts);
    }

    public static object Document(
        AuditReport report,
        IReadOnlyList<InputDifference> inputs,
        IReadOnlyList<string> notHeld
    ) =>
        new
        {
            schema = ReplayComparison.SchemaId,
            report = report.Id,
            outcome = "other-inputs",
            inputs,
            notHeld,
        };

    public static object Document(ReplayComparison replay, IReadOnlyList<string> notHeld) =>
        new
        {
            schema = ReplayComparison.SchemaId,
            report = replay.Comparison.A,
            outcome = Word(replay.Outcome),
            inputs = Array.Empty<InputDifference>(),
            notHeld,
            tolerance = replay.Tolerance,
            largestScoreDifference = replay.LargestScoreDifference,
            largestShareDifference = replay.LargestShareDifference,
            differences = replay.Differences,
            comparison = ReportComparisonView.Document(replay.Comparison),
        };

    private static string Word(ReplayOutcome outcome) =>
        outcome switch
        {
            ReplayOutcome.Identical => "identical",
            ReplayOutcome.WithinTolerance => "within-tolerance",
            _ => "different",
        };

    private static string Sentence(ReplayComparison replay)
    {
        var tolerance = Part(replay.Tolerance);
        var figures =
            $"scores differ by {Part(replay.LargestScoreDifference)} of the largest at most, shares by "
            + Part(replay.LargestShareDifference);
        var report = replay.Comparison.A;
        return replay.Outcome switch
        {
            ReplayOutcome.Identical =>
                $"Identical: the audit of {report} gives the same scores, words and shares again.",
            ReplayOutcome.WithinTolerance => $"Within tolerance: the audit of {report} gives the same again, up to "
                + $"{tolerance} ({figures}).",
            _ => $"Different: the audit of {report} gives other results, further apart than {tolerance} ({figures}).",
        };
    }

    private static string Part(double part) => part.ToString("0.######E0", CultureInfo.InvariantCulture);

    private static Text Line(string text) => new(VisibleText.Of(text));

    private static Content Text(string? text) => text is null ? Content.None : Content.Code(text);

    private static Content By(double? by) => by is { } distance ? Content.Figure(Part(distance)) : Content.None;
}
