using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Reports;

/// <summary>
/// How far a store's chain of records has come. Whoever keeps a copy can later prove that nothing changed.
/// </summary>
/// <param name="Store">The store's id, a ULID drawn when it was made.</param>
/// <param name="Count">Number of records.</param>
/// <param name="Hash"><see cref="ChainRecord.Hash"/> of the last record; of an empty store that of its id.</param>
public sealed record ChainHead(string Store, long Count, string Hash)
{
    /// <summary>Schema of heads.</summary>
    public const string SchemaId = "das-audit/head/1";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;

    /// <summary>The head of a store without records.</summary>
    public static ChainHead Empty(string store)
    {
        var start = CanonicalJson.Serialize(new { schema = "das-audit/chain/1", store });
        return new(store, 0, Convert.ToHexStringLower(SHA256.HashData(start)));
    }

    /// <summary>The head when a record has been added that follows this one.</summary>
    public ChainHead After(ChainRecord record) => new(Store, record.Sequence, record.Hash);

    /// <summary>Reads a head.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ChainHead Parse(ReadOnlySpan<byte> json)
    {
        var head = JsonSerializer.Deserialize<ChainHead>(json, JsonDocuments.Options);
        return head is { Schema: SchemaId, Store: not null, Hash: not null, Count: >= 0 }
            ? head
            : throw new JsonException("The document is no head of a store.");
    }
}
