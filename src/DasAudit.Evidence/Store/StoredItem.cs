namespace DasAudit.Evidence.Store;

/// <summary>A record with all that it is about.</summary>
/// <param name="Record">The record.</param>
/// <param name="Json">The report's or evaluation's JSON text in UTF-8.</param>
/// <param name="Pictures">PNG files by their SHA-256.</param>
internal sealed record StoredItem(ChainRecord Record, byte[] Json, IReadOnlyDictionary<string, byte[]> Pictures);
