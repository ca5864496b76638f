using System.Security.Cryptography;
using LiteDB;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace DasAudit.Evidence.Store;

/// <summary>What the store knows besides a report's document: what finds it, what proves it whole.</summary>
internal sealed record StoreEntry
{
    public required string Id { get; init; }
    public required long CreatedMs { get; init; }
    public required string QueryPath { get; init; }
    public required string QuerySha256 { get; init; }
    public required string QueryPixelSha256 { get; init; }
    public required string ModelPath { get; init; }
    public required string WeightsSha256 { get; init; }

    /// <summary>Rights holders of the listed attributions.</summary>
    public required IReadOnlyList<string> RightsHolders { get; init; }

    /// <summary>Licences of the listed attributions.</summary>
    public required IReadOnlyList<string> Licenses { get; init; }

    public required string GroupedBy { get; init; }
    public required IReadOnlyList<GroupShare> Groups { get; init; }

    /// <summary>SHA-256 of the document's UTF-8 bytes.</summary>
    public required string DocumentSha256 { get; init; }

    /// <summary>SHA-256 of the thumbnail by SHA-256 of the pictured file.</summary>
    public required IReadOnlyDictionary<string, string> Thumbnails { get; init; }

    internal static StoreEntry From(
        AuditReport report,
        string documentSha256,
        IReadOnlyDictionary<string, string> thumbnails
    ) =>
        new()
        {
            Id = report.Id,
            CreatedMs = report.CreatedUtc.ToUnixTimeMilliseconds(),
            QueryPath = report.Query.Path,
            QuerySha256 = report.Query.Sha256,
            QueryPixelSha256 = report.Query.PixelSha256,
            ModelPath = report.Model.Path,
            WeightsSha256 = report.Model.WeightsSha256,
            RightsHolders = Distinct(report.Attributions.Select(a => a.RightsHolder)),
            Licenses = Distinct(report.Attributions.Select(a => a.License)),
            GroupedBy = report.GroupedBy,
            Groups = report.Groups,
            DocumentSha256 = documentSha256,
            Thumbnails = thumbnails,
        };

    // The fields are one blob, because LiteDB loses a shared buffer whenever it reads a damaged string, and after eight
    // of them it can no longer write.
    internal BsonDocument ToBson()
    {
        var entry = JsonSerializer.SerializeToUtf8Bytes(this);
        return new BsonDocument
        {
            ["_id"] = Id,
            ["entry"] = entry,
            ["sha256"] = SHA256.HashData(entry),
        };
    }

    internal static StoreEntry FromBson(BsonDocument document) =>
        Read<StoreEntry>(document) is { } read && read.Id == document["_id"].AsString ? read : throw Altered(document);

    /// <summary><see cref="DocumentSha256"/> alone.</summary>
    internal static string DocumentHash(BsonDocument document) =>
        Read<HashAlone>(document) is { } read && read.Id == document["_id"].AsString
            ? read.DocumentSha256
            : throw Altered(document);

    private static T? Read<T>(BsonDocument document)
        where T : class
    {
        var entry = document["entry"].AsBinary;
        return SHA256.HashData(entry).AsSpan().SequenceEqual(document["sha256"].AsBinary)
            ? JsonSerializer.Deserialize<T>(entry)
            : null;
    }

    private static InvalidDataException Altered(BsonDocument document) =>
        new($"the entry of report '{document["_id"].AsString}' was altered");

    private static string[] Distinct(IEnumerable<string?> values) =>
        [.. values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private sealed record HashAlone(string Id, string DocumentSha256);
}
