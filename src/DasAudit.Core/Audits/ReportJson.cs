using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DasAudit.Core.Audits;

/// <summary>The JSON form of a report: camel case, indented, numbers that read back to the same double.</summary>
public static class ReportJson
{
    /// <summary>Options for every JSON document of the tool.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            NewLine = "\n",
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
        };

    /// <summary>Writes a report.</summary>
    public static string Serialize(AuditReport report) => JsonSerializer.Serialize(report, Options);

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static AuditReport Deserialize(string json) =>
        JsonSerializer.Deserialize<AuditReport>(json, Options) ?? throw new JsonException("The document is null.");
}
