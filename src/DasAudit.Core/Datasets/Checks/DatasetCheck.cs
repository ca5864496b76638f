namespace DasAudit.Core.Datasets.Checks;

/// <summary>Looks for what is missing, contradictory, double or broken in a dataset.</summary>
/// <remarks>
/// Kinds of findings: <c>contradictory-copies</c>, <c>unreadable</c> (errors); <c>contradictory-similar</c>,
/// <c>no-rights-holder</c>, <c>no-license</c>, <c>unknown-license</c>, <c>unlisted</c>, <c>unreadable-caption</c>
/// (warnings); <c>copies</c>, <c>similar</c>, <c>license-file</c>, <c>no-caption</c> (information).
/// </remarks>
public static class DatasetCheck
{
    /// <summary>What is found, the worst first; empty for nothing.</summary>
    public static IReadOnlyList<Finding> Run(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        IEnumerable<Finding> findings =
        [
            .. CopyChecks.Run(set.Items),
            Unreadable(set),
            .. RightsChecks.Run(set),
            .. CaptionChecks.Run(set),
        ];
        return [.. findings.Where(finding => finding.Groups.Count > 0).OrderByDescending(finding => finding.Severity)];
    }

    private static Finding Unreadable(TrainingSet set) =>
        new(
            "unreadable",
            Severity.Error,
            "files that look like pictures and cannot be read",
            [.. set.Skipped.Select(skipped => new FindingGroup([skipped.Path], skipped.Reason))]
        );
}
