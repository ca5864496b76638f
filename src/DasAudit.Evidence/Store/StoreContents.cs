using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>Reads the database; what does not agree with its hash is an <see cref="InvalidDataException"/>.</summary>
internal static class StoreContents
{
    private const int UlidLength = 26;
    private const int NamedMatches = 3;

    /// <summary>All entries, newest first, and as many as the store says it has.</summary>
    internal static List<StoreEntry> Entries(LiteDatabase database)
    {
        var entries = StoreSchema
            .Entries(database)
            .Find(Query.All(Query.Descending))
            .ToList()
            .ConvertAll(StoreEntry.FromBson);
        var count = StoreSchema.ReportCount(database);
        if (entries.Count != count)
            throw new InvalidDataException($"{entries.Count} of {count} reports can be found");
        if (entries.Zip(entries.Skip(1), (a, b) => string.CompareOrdinal(a.Id, b.Id)).Any(order => order <= 0))
            throw new InvalidDataException("its reports are out of order");
        return entries;
    }

    /// <summary>Reads all there is, so that nothing is ever added to a damaged store.</summary>
    internal static int VerifyAll(LiteDatabase database)
    {
        var entries = Entries(database);
        foreach (var entry in entries)
        {
            if (StoreSchema.Entries(database).FindById(entry.Id) is null)
                throw new InvalidDataException($"report '{entry.Id}' cannot be found by its id");
            LoadDocument(database, entry);
        }

        foreach (var sha256 in entries.SelectMany(e => e.Thumbnails.Values).Distinct())
            LoadThumbnail(database, sha256);
        Evaluations(database);
        return entries.Count;
    }

    /// <summary>All evaluations, newest first, and as many as the store says it has.</summary>
    internal static List<StoredEvaluation> Evaluations(LiteDatabase database)
    {
        var evaluations = StoreSchema
            .Evaluations(database)
            .Find(Query.All(Query.Descending))
            .ToList()
            .ConvertAll(StoredEvaluationDocument.Read);
        var count = StoreSchema.EvaluationCount(database);
        return evaluations.Count == count
            ? evaluations
            : throw new InvalidDataException($"{evaluations.Count} of {count} evaluations can be found");
    }

    /// <summary>The only report whose id begins so.</summary>
    /// <exception cref="UnknownReportException">There is none, or there are several.</exception>
    internal static StoreEntry Find(LiteDatabase database, string id)
    {
        var beginning = id.ToUpperInvariant();
        if (beginning.Length is 0 or > UlidLength || !beginning.All(char.IsAsciiLetterOrDigit))
            throw new UnknownReportException($"'{id}' is no report id; 'reports list' shows the ids.");

        // '~' follows every letter and digit in the file's ordinal order.
        var range = Query.Between("_id", beginning, beginning + "~");
        var matches = StoreSchema.Entries(database).Find(range, limit: NamedMatches + 1).ToList();
        if (matches.Count == 0)
            throw new UnknownReportException($"There is no report '{id}' in the store; 'reports list' shows the ids.");
        if (matches is [var match])
            return StoreEntry.FromBson(match);

        var ids = string.Join(", ", matches.Take(NamedMatches).Select(document => document["_id"].AsString));
        var more = matches.Count > NamedMatches ? " …" : "";
        throw new UnknownReportException($"Several reports begin with '{id}' ({ids}{more}); give more of the id.");
    }

    /// <summary>The entry of a report.</summary>
    /// <exception cref="InvalidDataException">It is missing or altered.</exception>
    internal static StoreEntry Entry(LiteDatabase database, string id) =>
        StoreSchema.Entries(database).FindById(id) is { } document
            ? StoreEntry.FromBson(document)
            : throw new InvalidDataException($"the entry of report '{id}' is missing");

    internal static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The JSON text of a report.</summary>
    internal static string LoadDocument(LiteDatabase database, StoreEntry entry)
    {
        var json = StoreSchema.Documents(database).FindById(entry.Id)?["json"].AsBinary;
        return json is not null && Sha256(json) == entry.DocumentSha256
            ? Encoding.UTF8.GetString(json)
            : throw new InvalidDataException(
                $"report '{entry.Id}' is {(json is null ? "missing" : "not what was stored")}"
            );
    }

    internal static AuditReport Load(LiteDatabase database, StoreEntry entry)
    {
        try
        {
            return ReportJson.Deserialize(LoadDocument(database, entry));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"report '{entry.Id}' cannot be read", e);
        }
    }

    internal static byte[] LoadThumbnail(LiteDatabase database, string sha256)
    {
        var png = StoreSchema.Thumbnails(database).FindById(sha256)?["png"].AsBinary;
        return png is not null && Sha256(png) == sha256
            ? png
            : throw new InvalidDataException(
                $"thumbnail '{sha256}' is {(png is null ? "missing" : "not what was stored")}"
            );
    }
}
