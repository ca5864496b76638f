namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.ReportVerified"/></summary>
internal sealed record ReportVerifiedRule : PolicyRule, IReportRule
{
    internal override RuleDescription Description => RuleCatalog.ReportVerified;

    /// <summary>Public keys that must have signed a bundle, relative to the policy's folder.</summary>
    internal IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>What hits the rule where a store does not give out a report.</summary>
    /// <param name="place">The report, its picture, or the store.</param>
    /// <param name="what">What is wrong, as a part of a sentence.</param>
    internal PolicyFinding Damaged(string place, string what) =>
        Finding(new() { File = place }, $"'{place}' cannot be believed: {what}.");

    public IEnumerable<PolicyFinding> Check(CheckedReport report)
    {
        if (report.Problem is { } problem)
            yield return Finding(report.Subject, $"{report.Name} cannot be believed: {problem}.");
        else if (report.Custody == ReportCustody.File)
            yield return Finding(report.Subject, $"{report.Name} is a plain file, which anybody can have written.");
    }
}
