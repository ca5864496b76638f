using System.Security.Cryptography;
using LiteDB;
using JsonException = System.Text.Json.JsonException;

namespace DasAudit.Evidence.Store;

/// <summary>The chain in the database: each record's canonical JSON and the hash of that, by sequence number.</summary>
internal static class StoreChain
{
    internal static void Insert(LiteDatabase database, ChainRecord record)
    {
        var json = record.ToCanonicalJson();
        StoreSchema
            .Chain(database)
            .Insert(
                new BsonDocument
                {
                    ["_id"] = record.Sequence,
                    ["record"] = json,
                    ["hash"] = SHA256.HashData(json),
                }
            );
        var place = new BsonDocument { ["_id"] = Place(record.Kind, record.Id), ["record"] = record.Sequence };
        StoreSchema.Places(database).Insert(place);
    }

    /// <summary>The end of the chain; only the last record is read.</summary>
    /// <exception cref="InvalidDataException">The last record is altered, or not as many were counted.</exception>
    internal static ChainTail Tail(LiteDatabase database)
    {
        var start = ChainHead.Empty(StoreSchema.StoreId(database));
        var count = StoreSchema.ReportCount(database) + StoreSchema.EvaluationCount(database);
        var last = StoreSchema.Chain(database).Find(Query.All(Query.Descending), 0, 1).ToList();
        if (last.Count == 0)
            return count == 0
                ? new(start, null)
                : throw new InvalidDataException($"its chain of {count} records is missing");
        var record = Read(last[0], last[0]["_id"].AsInt64);
        if (record.Sequence != count)
            throw new InvalidDataException($"its last record is {record.Sequence}, and {count} were counted");
        return new(start.After(record), new(start.Store, record.Sequence - 1, record.Previous));
    }

    /// <summary>A record, which must be what was written, in its place.</summary>
    /// <exception cref="InvalidDataException">It is missing, altered, or another.</exception>
    internal static ChainRecord Record(LiteDatabase database, long sequence) =>
        StoreSchema.Chain(database).FindById(sequence) is { } document
            ? Read(document, sequence)
            : throw new InvalidDataException($"record {sequence} is missing");

    /// <summary>The record of a report or evaluation.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is altered or another's.</exception>
    internal static ChainRecord Record(LiteDatabase database, RecordKind kind, string id)
    {
        var what = $"{StoredRecords.Word(kind)} '{id}'";
        var place =
            StoreSchema.Places(database).FindById(Place(kind, id))
            ?? throw new InvalidDataException($"the place of {what} in the chain is missing");
        var record = Record(database, place["record"].AsInt64);
        return record.Kind == kind && record.Id == id
            ? record
            : throw new InvalidDataException($"record {record.Sequence} is not that of {what}");
    }

    /// <summary>Compares a record with the ones before and after it.</summary>
    /// <exception cref="InvalidDataException">One of them was rewritten or replaced.</exception>
    internal static void CheckNeighbours(LiteDatabase database, ChainRecord record)
    {
        var sequence = record.Sequence;
        var before =
            sequence > 1 ? Record(database, sequence - 1).Hash : ChainHead.Empty(StoreSchema.StoreId(database)).Hash;
        if (record.Previous != before)
            throw new InvalidDataException($"record {sequence} does not follow the one before it");
        if (StoreSchema.Chain(database).FindById(sequence + 1) is { } next)
            if (Read(next, sequence + 1).Previous != record.Hash)
                throw new InvalidDataException(
                    $"record {sequence} was rewritten or replaced: record {sequence + 1} does not follow it"
                );
    }

    private static string Place(RecordKind kind, string id) => $"{StoredRecords.Word(kind)}/{id}";

    private static ChainRecord Read(BsonDocument document, long sequence)
    {
        var json = document["record"].AsBinary;
        var hash = SHA256.HashData(json);
        if (!hash.AsSpan().SequenceEqual(document["hash"].AsBinary))
            throw new InvalidDataException(
                $"record {sequence} was altered: its hash is {Convert.ToHexStringLower(hash)}, "
                    + $"and {Convert.ToHexStringLower(document["hash"].AsBinary)} was written"
            );
        try
        {
            var record = ChainRecord.Parse(json);
            return record.Sequence == sequence
                ? record
                : throw new InvalidDataException($"in the place of record {sequence} stands record {record.Sequence}");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"record {sequence} cannot be read", e);
        }
    }
}
