using System.Globalization;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>What formats with a line a finding share: of many findings of one rule they write some.</summary>
internal static class FindingLines
{
    /// <summary>More of one rule help nobody, and build logs and code hosts choke on them.</summary>
    private const int MostOfARule = 50;

    /// <summary>The findings that nobody waived; where some are left out, one that says so at the end.</summary>
    internal static IEnumerable<PolicyFinding> Of(PolicyOutcome outcome)
    {
        var written = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var finding in outcome.Unwaived)
        {
            var count = written[finding.Rule.Id] = written.GetValueOrDefault(finding.Rule.Id) + 1;
            if (count <= MostOfARule)
                yield return finding;
        }

        foreach (var (id, count) in written.Where(pair => pair.Value > MostOfARule))
            yield return LeftOut(outcome, id, count - MostOfARule);
    }

    /// <summary>A message on one line, without what would steer a terminal or a log.</summary>
    internal static string OneLine(string message) => VisibleText.Of(message.ReplaceLineEndings(" "));

    // It is as grave as the gravest of them.
    private static PolicyFinding LeftOut(PolicyOutcome outcome, string id, int count)
    {
        var gravest = outcome.Unwaived.Where(finding => finding.Rule.Id == id).MaxBy(finding => finding.Severity)!;
        return gravest with
        {
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{count} more findings of this rule are left out here; 'policy check --json' has all."
            ),
            Subject = new() { File = outcome.Policy.File },
        };
    }
}
