namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.PictureReport"/></summary>
internal sealed record PictureReportRule : PolicyRule, IPictureRule
{
    internal override RuleDescription Description => RuleCatalog.PictureReport;

    /// <summary>Patterns of files that are shipped, relative to the policy's folder; empty if not stated.</summary>
    internal IReadOnlyList<string> Pictures { get; init; } = [];

    public IEnumerable<PolicyFinding> Check(CheckedPicture picture)
    {
        if (!picture.HasReport)
            yield return Finding(picture.Subject, $"The store holds no report on '{picture.File}'.");
    }
}
