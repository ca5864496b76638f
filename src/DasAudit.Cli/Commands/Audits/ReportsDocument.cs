using System.Text.Json.Serialization;
using DasAudit.Cli.Output;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>What an audit of several pictures prints as JSON.</summary>
/// <param name="Items">Whole reports.</param>
/// <param name="Refused">Pictures that could not be audited; null, and left out, where there are none.</param>
internal sealed record ReportsDocument(
    string Schema,
    IReadOnlyList<AuditReport> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RefusedPicture>? Refused
)
{
    public static ReportsDocument Of(IReadOnlyList<AuditReport> reports, IReadOnlyList<RefusedPicture> refused) =>
        new(ReportTable.SchemaId, reports, refused.Count == 0 ? null : refused);
}
