using DasAudit.Core.Files;
using LiteDB;
using JsonException = System.Text.Json.JsonException;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace DasAudit.Evidence.Store;

/// <summary>What lies in the database for a record of the chain, compared with the record.</summary>
internal static class StoredRecords
{
    /// <summary>Reads what a record is about, and checks all of it.</summary>
    /// <exception cref="InvalidDataException">Something of it is missing, altered or another's.</exception>
    internal static StoredItem Read(LiteDatabase database, ChainRecord record)
    {
        var json = Json(database, record.Kind, record.Id);
        var what = $"{Word(record.Kind)} '{record.Id}'";
        var hash = Canonical(() => CanonicalJson.Sha256(json), what);
        if (hash != record.Sha256)
            throw new InvalidDataException(
                $"the text of {what} was altered: its hash is {hash}, and record {record.Sequence} says {record.Sha256}"
            );
        if (record.Kind == RecordKind.Evaluation)
        {
            StoredEvaluationDocument.Read(StoreSchema.Evaluations(database).FindById(record.Id));
            return new(record, json, new Dictionary<string, byte[]>());
        }

        CheckEntry(database, record, json);
        var pictures = record.Pictures ?? new Dictionary<string, string>();
        return new(
            record,
            json,
            pictures
                .Values.Distinct()
                .ToDictionary(sha256 => sha256, sha256 => StoreContents.LoadThumbnail(database, sha256))
        );
    }

    /// <summary>The record of what lies in the database.</summary>
    internal static ChainRecord Of(LiteDatabase database, RecordKind kind, string id, ChainHead head) =>
        Following(
            head,
            kind,
            id,
            Json(database, kind, id),
            kind == RecordKind.Report ? StoreEntry.FromBson(Entry(database, id)).Thumbnails : null
        );

    /// <summary>The record of something that is added.</summary>
    /// <param name="pictures">SHA-256 of a report's small pictures by that of the pictured file.</param>
    internal static ChainRecord Following(
        ChainHead head,
        RecordKind kind,
        string id,
        byte[] json,
        IReadOnlyDictionary<string, string>? pictures
    ) =>
        new()
        {
            Sequence = head.Count + 1,
            Kind = kind,
            Id = id,
            Sha256 = Canonical(() => CanonicalJson.Sha256(json), $"{Word(kind)} '{id}'"),
            Pictures = pictures,
            Previous = head.Hash,
        };

    internal static string Word(RecordKind kind) => kind == RecordKind.Report ? "report" : "evaluation";

    private static byte[] Json(LiteDatabase database, RecordKind kind, string id)
    {
        var collection =
            kind == RecordKind.Report ? StoreSchema.Documents(database) : StoreSchema.Evaluations(database);
        return collection.FindById(id)?["json"].AsBinary
            ?? throw new InvalidDataException($"{Word(kind)} '{id}' is missing");
    }

    private static BsonDocument Entry(LiteDatabase database, string id) =>
        StoreSchema.Entries(database).FindById(id)
        ?? throw new InvalidDataException($"the entry of report '{id}' is missing");

    // What finds a report must say of it what the report says; entries of an older version may say less.
    private static void CheckEntry(LiteDatabase database, ChainRecord record, byte[] json)
    {
        var document = Entry(database, record.Id);
        StoreEntry.FromBson(document);
        var pictures = record.Pictures ?? new Dictionary<string, string>();
        var report = Canonical(() => ReportJson.Deserialize(json), $"report '{record.Id}'");
        var entry = StoreEntry.From(report, StoreContents.Sha256(json), pictures);
        var expected = JsonSerializer.SerializeToNode(entry)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(document["entry"].AsBinary)!.AsObject())
            if (!JsonNode.DeepEquals(value, expected[name]))
                throw new InvalidDataException(
                    $"the entry of report '{record.Id}' was altered: its {name} is not the report's"
                );
    }

    private static T Canonical<T>(Func<T> read, string what)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{what} cannot be read", e);
        }
    }
}
