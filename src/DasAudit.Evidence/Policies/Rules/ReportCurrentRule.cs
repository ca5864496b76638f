namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.ReportCurrent"/></summary>
internal sealed record ReportCurrentRule : PolicyRule, IReportRule
{
    private const int Digits = 12;

    internal override RuleDescription Description => RuleCatalog.ReportCurrent;

    public IEnumerable<PolicyFinding> Check(CheckedReport report)
    {
        if (report.Model is not { } model)
            yield break;
        if (model.WeightsSha256 is not { } current)
            yield return Finding(report.Subject, $"{report.Name} cannot be compared with its model: {model.Problem}");
        else if (current != report.Report.Model.WeightsSha256)
            yield return Finding(
                report.Subject,
                $"{report.Name} is about other weights ({report.Report.Model.WeightsSha256[..Digits]}…) than "
                    + $"'{model.Path}' has now ({current[..Digits]}…)."
            );
    }
}
