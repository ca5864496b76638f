using System.Globalization;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.HolderShare"/></summary>
internal sealed record HolderShareRule : PolicyRule, IReportRule
{
    private const string RightsHolder = "rights-holder";

    internal override RuleDescription Description => RuleCatalog.HolderShare;

    /// <summary>Shares above this hit it, 0 … 1.</summary>
    internal required double Above { get; init; }

    /// <summary>Those that are looked at; null for all.</summary>
    internal IReadOnlyList<string>? Holders { get; init; }

    public IEnumerable<PolicyFinding> Check(CheckedReport report)
    {
        if (report.Report.GroupedBy != RightsHolder)
        {
            yield return Finding(
                report.Subject,
                $"{report.Name} has shares by {report.Report.GroupedBy}, so those of rights holders are not known; "
                    + "audit the picture with --group-by rights-holder."
            );
            yield break;
        }

        foreach (var group in report.Report.Groups)
        {
            var isLooked = Holders?.Contains(group.Key, StringComparer.OrdinalIgnoreCase) ?? true;
            if (!isLooked || !(group.Share > Above))
                continue;
            var subject = report.Subject with { Holder = group.Key };
            var message = $"{report.Name}: {group.Key} has {Percent(group.Share)} of it; {Percent(Above)} are allowed.";
            yield return Finding(subject, message, EvidenceOf(report.Report, group.Key));
        }
    }

    /// <summary>Whether another rule looks at a holder that this one looks at too.</summary>
    internal bool Overlaps(HolderShareRule other) =>
        Holders is { } holders && other.Holders is { } others
            ? holders.Intersect(others, StringComparer.OrdinalIgnoreCase).Any()
            : Holders is null == other.Holders is null;

    private static EvidenceStrength? EvidenceOf(ReportFacts report, string holder) =>
        report
            .Attributions.Where(picture => holder.Equals(picture.RightsHolder, StringComparison.OrdinalIgnoreCase))
            .Max(picture => picture.Strength);

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
