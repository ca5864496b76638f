using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Reports;

/// <summary>The JSON form of a report.</summary>
public static class ReportJson
{
    /// <summary>Writes a report.</summary>
    public static string Serialize(AuditReport report) => JsonSerializer.Serialize(report, JsonDocuments.Options);

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static AuditReport Deserialize(string json) =>
        JsonSerializer.Deserialize<AuditReport>(json, JsonDocuments.Options)
        ?? throw new JsonException("The document is null.");
}
