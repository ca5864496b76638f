namespace DasAudit.Core.Reports;

/// <summary>What a list says of a report.</summary>
/// <param name="Id">The report's id.</param>
/// <param name="CreatedUtc">When the audit began, UTC, to the millisecond.</param>
/// <param name="QueryPath">The audited picture's path as given.</param>
/// <param name="ModelPath">The model's path as given.</param>
/// <param name="Method">Method id.</param>
/// <param name="Group">The group with the largest share; null where there are none.</param>
/// <param name="Share">That group's share, 0 … 1; 0 where there are none.</param>
public sealed record ReportSummary(
    string Id,
    DateTimeOffset CreatedUtc,
    string QueryPath,
    string ModelPath,
    string Method,
    string? Group,
    double Share
)
{
    /// <summary>The summary of a report.</summary>
    public static ReportSummary Of(AuditReport report) =>
        new(
            report.Id,
            report.CreatedUtc,
            report.Query.Path,
            report.Model.Path,
            report.Method.Id,
            report.Groups.Count == 0 ? null : report.Groups[0].Key,
            report.Groups.Count == 0 ? 0 : report.Groups[0].Share
        );
}
