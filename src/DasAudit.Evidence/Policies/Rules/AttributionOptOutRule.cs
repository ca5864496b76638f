using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.AttributionOptOut"/></summary>
internal sealed record AttributionOptOutRule : PolicyRule, IReportRule
{
    internal override RuleDescription Description => RuleCatalog.AttributionOptOut;

    /// <summary>Whether conditions of use hit it too.</summary>
    internal bool Conditions { get; init; }

    public IEnumerable<PolicyFinding> Check(CheckedReport report)
    {
        if (report.Report.Rights is not { } rights)
            yield break;
        var byRank = report.Report.Attributions.ToDictionary(picture => picture.Rank);
        foreach (var said in rights.Pictures.Where(IsHit))
        {
            if (!byRank.TryGetValue(said.Rank, out var picture) || !(picture.Score > 0))
                continue;
            var what = said.Signals.Count > 0 ? $"{said.Signals[0].Says} ({said.Signals[0].Place})" : "it is refused";
            var message =
                $"{report.Name} owes the picture to {CheckedReport.Words(picture)}, of which is said: {what}.";
            yield return Finding(report.SubjectOf(picture), message, picture.Strength);
        }
    }

    private bool IsHit(StanceFacts said) =>
        said.Stance == SignalStance.OptOut || (Conditions && said.Stance == SignalStance.Conditions);
}
