namespace DasAudit.Evidence.Store;

/// <summary>A record with all that it is about.</summary>
/// <param name="Record">The record.</param>
/// <param name="Json">The report's or evaluation's JSON text in UTF-8.</param>
/// <param name="Pictures">PNG files by their SHA-256.</param>
internal sealed record StoredItem(ChainRecord Record, byte[] Json, IReadOnlyDictionary<string, byte[]> Pictures)
{
    /// <summary>The report that it is about; null if it is about something else.</summary>
    /// <exception cref="System.Text.Json.JsonException">Its text is no report.</exception>
    internal AuditReport? Report() => Record.Kind == RecordKind.Report ? ReportJson.Deserialize(Json) : null;
}
