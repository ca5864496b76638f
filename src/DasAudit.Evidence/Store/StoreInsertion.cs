using LiteDB;
using JsonException = System.Text.Json.JsonException;

namespace DasAudit.Evidence.Store;

/// <summary>Puts reports and evaluations into the database; their record in the chain comes after.</summary>
internal static class StoreInsertion
{
    /// <summary>Adds a report.</summary>
    /// <param name="pngByPicture">Its small pictures by SHA-256 of the pictured file, as in the entry.</param>
    /// <exception cref="AuditException">Its id is taken.</exception>
    internal static void Insert(
        LiteDatabase database,
        StoreEntry entry,
        byte[] json,
        IReadOnlyDictionary<string, byte[]> pngByPicture
    )
    {
        var entries = StoreSchema.Entries(database);
        if (entries.FindById(entry.Id) is not null)
            throw new AuditException($"The store already holds a report '{entry.Id}'; a report is never replaced.");

        entries.Insert(entry.ToBson());
        StoreSchema.Documents(database).Insert(new BsonDocument { ["_id"] = entry.Id, ["json"] = json });
        var thumbnails = StoreSchema.Thumbnails(database);
        foreach (var (picture, sha256) in entry.Thumbnails.DistinctBy(thumbnail => thumbnail.Value))
        {
            if (thumbnails.FindById(sha256) is null)
                thumbnails.Insert(new BsonDocument { ["_id"] = sha256, ["png"] = pngByPicture[picture] });
        }

        StoreSchema.CountReport(database);
    }

    /// <summary>Adds an evaluation.</summary>
    /// <exception cref="AuditException">Its id is taken.</exception>
    internal static void Insert(LiteDatabase database, StoredEvaluation evaluation, byte[] json)
    {
        var evaluations = StoreSchema.Evaluations(database);
        if (evaluations.FindById(evaluation.Id) is not null)
            throw new AuditException(
                $"The store already holds an evaluation '{evaluation.Id}'; an evaluation is never replaced."
            );
        evaluations.Insert(StoredEvaluationDocument.Of(evaluation, json));
        StoreSchema.CountEvaluation(database);
    }

    /// <summary>Adds a record with all that it is about, as another store or an export held it.</summary>
    /// <exception cref="InvalidDataException">Its text is no report or evaluation.</exception>
    internal static void Insert(LiteDatabase database, StoredItem item)
    {
        try
        {
            InsertDocument(database, item);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the text of record {item.Record.Sequence} cannot be read", e);
        }

        StoreChain.Insert(database, item.Record);
    }

    private static void InsertDocument(LiteDatabase database, StoredItem item)
    {
        var record = item.Record;
        if (record.Kind == RecordKind.Evaluation)
        {
            Insert(database, StoredEvaluationDocument.Parse(item.Json), item.Json);
        }
        else
        {
            var report = item.Report()!;
            var pictures = record.Pictures ?? new Dictionary<string, string>();
            var pngByPicture = pictures.ToDictionary(p => p.Key, p => item.Pictures[p.Value]);
            Insert(
                database,
                StoreEntry.From(report, StoreContents.Sha256(item.Json), pictures),
                item.Json,
                pngByPicture
            );
        }
    }
}
