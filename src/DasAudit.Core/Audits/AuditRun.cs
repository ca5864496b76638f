using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>An audit that has begun: its pictures are read, and nothing heavy is done.</summary>
/// <param name="Refused">Pictures that cannot be audited and are left out; at least one other can.</param>
/// <param name="Reports">One a picture, in order; each is computed when taken, so it can be stored at once.</param>
public sealed record AuditRun(IReadOnlyList<RefusedPicture> Refused, IEnumerable<StoredReport> Reports);

/// <summary>A picture that cannot be audited.</summary>
/// <param name="Path">As given.</param>
/// <param name="Reason">One sentence.</param>
public sealed record RefusedPicture(string Path, string Reason);
