using System.Globalization;
using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Evidence.Policies.Rules;

/// <summary><see cref="RuleCatalog.AttributionLicense"/></summary>
internal sealed record AttributionLicenseRule : PolicyRule, IReportRule
{
    internal override RuleDescription Description => RuleCatalog.AttributionLicense;

    internal required AllowedLicenses Licenses { get; init; }

    /// <summary>Scores above this hit it.</summary>
    internal double Above { get; init; }

    /// <summary>Else scores above this part of a report's largest one do; null for <see cref="Above"/>.</summary>
    internal double? AbovePart { get; init; }

    public IEnumerable<PolicyFinding> Check(CheckedReport report)
    {
        var limit = AbovePart is { } part ? part * Largest(report.Report) : Above;
        foreach (var picture in report.Report.Attributions)
        {
            if (!(picture.Score > limit) || Licenses.Allow(picture.License))
                continue;
            var license = picture.License is { } text ? $"is under '{text}'" : "states no licence";
            var message =
                $"{report.Name} owes the picture to {CheckedReport.Words(picture)}, which {license}; allowed "
                + $"{(AbovePart is null && Above == 0 ? "" : $"above a score of {Shown(limit)} ")}are {Licenses}.";
            yield return Finding(report.SubjectOf(picture), message, picture.Strength);
        }
    }

    private static double Largest(ReportFacts report) =>
        report.Attributions.Select(picture => picture.Score).DefaultIfEmpty(0).Max();

    private static string Shown(double limit) => limit.ToString("g3", CultureInfo.InvariantCulture);
}
