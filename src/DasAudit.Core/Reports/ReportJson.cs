using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Reports;

/// <summary>The JSON form of a report.</summary>
public static class ReportJson
{
    // A report that somebody wrote may have null where a report must say something.
    private static readonly JsonSerializerOptions Reading = new(JsonDocuments.Options)
    {
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes a report.</summary>
    public static string Serialize(AuditReport report) => JsonSerializer.Serialize(report, JsonDocuments.Options);

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">The text is not a report, or lacks what every report has.</exception>
    public static AuditReport Deserialize(string json) =>
        JsonSerializer.Deserialize<AuditReport>(json, Reading) ?? throw new JsonException("The document is null.");

    /// <inheritdoc cref="Deserialize(string)"/>
    /// <param name="json">In UTF-8.</param>
    public static AuditReport Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<AuditReport>(json, Reading) ?? throw new JsonException("The document is null.");
}
