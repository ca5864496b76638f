using DasAudit.Cli.Output;
using DasAudit.Evidence.Policies;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>What hit a policy, for people and as JSON.</summary>
internal static class PolicyView
{
    private const string SchemaId = "das-audit/policy-check/1";
    private const int MostOfARule = 5;

    /// <summary>A line a finding, the gravest first, of each rule a few.</summary>
    public static Grid Of(PolicyOutcome outcome)
    {
        var grid = Tables.Checks();
        var rules = outcome
            .Findings.OrderBy(finding => finding.Waiver is not null)
            .ThenByDescending(finding => finding.Severity)
            .GroupBy(finding => finding.Rule.Id);
        foreach (var rule in rules)
        {
            foreach (var finding in rule.Take(MostOfARule))
                grid.AddRow(Mark(finding), new Text(finding.Rule.Id), Words(finding));
            if (rule.Count() > MostOfARule)
                grid.AddRow(
                    new Text(""),
                    new Text(rule.Key),
                    new Text($"and {Numbers.Count(rule.Count() - MostOfARule)} more; --json has all")
                );
        }

        return grid;
    }

    /// <summary>What it comes to, in a sentence.</summary>
    public static string Summary(PolicyOutcome outcome)
    {
        var counts = outcome.Counts;
        IEnumerable<(int Count, string Noun)> looked =
        [
            (counts.Reports, "report"),
            (counts.Pictures, "picture"),
            (counts.Datasets, "dataset"),
            (counts.Models, "model"),
        ];
        var what = looked.Where(pair => pair.Count > 0).Select(pair => Numbers.Count(pair.Count, pair.Noun)).ToList();
        var among = what.Count == 0 ? "nothing" : string.Join(", ", what);
        var waived = outcome.Waived > 0 ? $", {Numbers.Count(outcome.Waived)} waived" : "";
        return $"Looked at {among}: {Numbers.Count(outcome.Count(PolicySeverity.Error), "error")}, "
            + $"{Numbers.Count(outcome.Count(PolicySeverity.Warning), "warning")}, "
            + $"{Numbers.Count(outcome.Count(PolicySeverity.Note), "note")}{waived}.";
    }

    public static object Document(PolicyOutcome outcome) =>
        new
        {
            schema = SchemaId,
            policy = outcome.Policy.File,
            passed = !outcome.IsHit,
            looked = outcome.Counts,
            errors = outcome.Count(PolicySeverity.Error),
            warnings = outcome.Count(PolicySeverity.Warning),
            notes = outcome.Count(PolicySeverity.Note),
            waived = outcome.Waived,
            findings = outcome.Findings.Select(finding => new
            {
                id = finding.Rule.Id,
                rule = finding.Rule.Name,
                severity = finding.Severity,
                message = finding.Message,
                subject = finding.Subject,
                fingerprint = finding.Fingerprint,
                waiver = finding.Waiver is { } waiver
                    ? new
                    {
                        reason = waiver.Reason,
                        by = waiver.By,
                        until = waiver.UntilText,
                    }
                    : null,
            }),
        };

    private static Text Mark(PolicyFinding finding) =>
        finding switch
        {
            { Waiver: not null } => new("waived"),
            { Severity: PolicySeverity.Error } => new("error", Color.Red),
            { Severity: PolicySeverity.Warning } => new("warning", Color.Yellow),
            _ => new("note"),
        };

    private static Text Words(PolicyFinding finding)
    {
        var waiver = finding.Waiver is { } found ? $" Waived by {found.Words.TrimEnd('.')}." : "";
        return Tables.Foreign($"{finding.Subject.File}: {finding.Message}{waiver}");
    }
}
