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

    // Names and licences are compared whole, paths in part, hashes by their beginning; case never matters.
    internal bool Meets(ReportFilter filter) =>
        (filter.Model is not { } model || Contains(ModelPath, model) || Begins(WeightsSha256, model))
        && (
            filter.Image is not { } image
            || Contains(QueryPath, image)
            || Begins(QuerySha256, image)
            || Begins(QueryPixelSha256, image)
        )
        && (filter.License is not { } license || Licenses.Any(l => Same(l, license)))
        && (filter.From is not { } from || Created >= from)
        && (filter.Until is not { } until || Created < until)
        && MeetsShares(filter.RightsHolder, filter.MinimumShare);

    private DateTimeOffset Created => DateTimeOffset.FromUnixTimeMilliseconds(CreatedMs);

    private bool MeetsShares(string? holder, double? share) =>
        (holder, share) switch
        {
            (null, null) => true,
            (null, { } least) => Groups.Any(g => g.Share >= least),
            ({ } name, null) => RightsHolders.Any(h => Same(h, name)) || SharesOf(name).Any(),
            ({ } name, { } least) => SharesOf(name).Any(s => s >= least),
        };

    private IEnumerable<double> SharesOf(string holder) =>
        GroupedBy == "rights-holder" ? Groups.Where(g => Same(g.Key, holder)).Select(g => g.Share) : [];

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

    internal static StoreEntry FromBson(BsonDocument document)
    {
        var entry = document["entry"].AsBinary;
        return
            SHA256.HashData(entry).AsSpan().SequenceEqual(document["sha256"].AsBinary)
            && JsonSerializer.Deserialize<StoreEntry>(entry) is { } read
            && read.Id == document["_id"].AsString
            ? read
            : throw new InvalidDataException($"the entry of report '{document["_id"].AsString}' was altered");
    }

    private static string[] Distinct(IEnumerable<string?> values) =>
        [.. values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string text, string part) => text.StartsWith(part, StringComparison.OrdinalIgnoreCase);
}
