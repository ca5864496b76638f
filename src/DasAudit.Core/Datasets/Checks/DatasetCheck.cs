using DasAudit.Core.Datasets.Licenses;
using DasAudit.Core.Datasets.Signals;

namespace DasAudit.Core.Datasets.Checks;

/// <summary>Looks for what is missing, contradictory, double or broken in a dataset.</summary>
/// <remarks>
/// Kinds of findings: <c>contradictory-copies</c>, <c>unreadable</c> (errors); <c>contradictory-similar</c>,
/// <c>no-rights-holder</c>, <c>no-license</c>, <c>unknown-license</c>, <c>unlisted</c>, <c>unreadable-caption</c>,
/// <c>contradictory-dataset-license</c>, <c>contradictory-file-license</c>, <c>contradictory-file-holder</c>,
/// <c>unstated-license</c>, <c>unstated-holder</c>, <c>opt-out</c>, <c>use-conditions</c>, <c>unread-statements</c>
/// (warnings); <c>copies</c>, <c>similar</c>, <c>license-file</c>, <c>contradictory-package-license</c>,
/// <c>use-statement</c>, <c>no-caption</c> (information).
/// </remarks>
public static class DatasetCheck
{
    /// <summary>What is found, the worst first; empty for nothing. Reads files that may speak of rights.</summary>
    /// <param name="time">The clock by which signals say when they were read.</param>
    public static IReadOnlyList<Finding> Run(TrainingSet set, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(time);
        var package = PackageLicenses.Of(set.Path);
        var source = new DatasetStatements(set);
        var said = source.OfAll(time.GetUtcNow());
        IEnumerable<SkippedPicture> unread = package.Problems.Concat(source.Folders.Problems);
        IEnumerable<Finding> findings =
        [
            .. CopyChecks.Run(set.Items),
            Unreadable(set),
            .. RightsChecks.Run(set, package),
            .. PackageChecks.Run(set.Items, package.All),
            .. EmbeddedChecks.Run(said),
            .. SignalChecks.Run(said, unread),
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
