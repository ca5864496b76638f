using DasAudit.Core.Audits;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>What an audit made.</summary>
/// <param name="Reports">Stored, in the order of the pictures.</param>
/// <param name="Refused">Pictures that could not be audited.</param>
internal sealed record AuditOutcome(IReadOnlyList<StoredReport> Reports, IReadOnlyList<RefusedPicture> Refused);
