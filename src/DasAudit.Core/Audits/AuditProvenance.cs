using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>Who makes the reports, as they say it.</summary>
/// <param name="Tool">The program.</param>
/// <param name="Environment">The machine.</param>
public sealed record AuditProvenance(ToolInfo Tool, EnvironmentInfo Environment)
{
    /// <summary>The person or organisation, as they say it; null where nobody said.</summary>
    public string? Auditor { get; init; }
}
