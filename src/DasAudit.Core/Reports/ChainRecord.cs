using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Reports;

/// <summary>
/// What a store writes down of each report and evaluation that it takes, in the order in which it takes them. Each
/// record holds the hash of the record before it, so that none can be altered, removed or moved alone.
/// </summary>
public sealed record ChainRecord
{
    /// <summary>Schema of records.</summary>
    public const string SchemaId = "das-audit/record/1";

    /// <summary>The schema.</summary>
    public string Schema { get; init; } = SchemaId;

    /// <summary>From 1, over reports and evaluations together.</summary>
    public required long Sequence { get; init; }

    /// <summary>What was stored.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>Id of the report or evaluation.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of its <see cref="CanonicalJson"/>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of a report: SHA-256 of the PNG file of each small picture, by SHA-256 of the pictured file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Pictures { get; init; }

    /// <summary>
    /// <see cref="Hash"/> of the record before; in the first record that of <see cref="ChainHead.Empty"/>.
    /// </summary>
    public required string Previous { get; init; }

    /// <summary>SHA-256 of the record's own canonical JSON, in lower-case hexadecimal.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(ToCanonicalJson()));

    /// <summary>The bytes that <see cref="Hash"/> is taken of.</summary>
    public byte[] ToCanonicalJson() => CanonicalJson.Serialize(this);

    /// <summary>Reads a record from its canonical JSON.</summary>
    /// <exception cref="JsonException">It is none, or is not written canonically.</exception>
    public static ChainRecord Parse(ReadOnlySpan<byte> json)
    {
        var record =
            JsonSerializer.Deserialize<ChainRecord>(json, JsonDocuments.Options)
            ?? throw new JsonException("The record is null.");
        return record.Schema == SchemaId && json.SequenceEqual(record.ToCanonicalJson())
            ? record
            : throw new JsonException("The record is not in canonical form.");
    }
}
