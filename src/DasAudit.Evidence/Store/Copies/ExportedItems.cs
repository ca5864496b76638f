using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>The records of an export in order, each checked against the hashes that lead to its head.</summary>
internal sealed class ExportedItems(string path, IExportReader files)
{
    private const int HeadLimit = 4096;
    private const int Limit = ReportStore.MaximumReportBytes;

    /// <summary>The head, which names the store.</summary>
    /// <exception cref="DamagedStoreException">It is missing or none.</exception>
    internal ChainHead Head()
    {
        var bytes = Bytes(ExportNames.Head, HeadLimit);
        try
        {
            var head = ChainHead.Parse(bytes);
            return bytes.AsSpan().SequenceEqual(CanonicalJson.Serialize(head))
                ? head
                : throw NotWritten(ExportNames.Head);
        }
        catch (JsonException e)
        {
            throw NotWritten(ExportNames.Head, e);
        }
    }

    /// <exception cref="DamagedStoreException">
    /// Something is missing or altered, or the records do not lead to the head.
    /// </exception>
    internal IEnumerable<StoredItem> Read(ChainHead head)
    {
        var end = ChainHead.Empty(head.Store);
        while (end.Count < head.Count)
        {
            var record = Record(end);
            end = end.After(record);
            yield return new(record, Document(record), Pictures(record));
        }

        if (end != head)
            throw Damaged($"its records lead to the hash {end.Hash}, and its head says {head.Hash}");
    }

    private ChainRecord Record(ChainHead end)
    {
        var name = ExportNames.Record(end.Count + 1);
        try
        {
            var record = ChainRecord.Parse(Bytes(name, Limit));
            if (record.Sequence != end.Count + 1)
                throw Damaged($"in the place of record {end.Count + 1} stands record {record.Sequence}");
            return record.Previous == end.Hash
                ? record
                : throw Damaged(
                    record.Sequence == 1
                        ? "record 1 is that of another store"
                        : $"record {end.Count} was rewritten or replaced: its hash is {end.Hash}, "
                            + $"and record {record.Sequence} says {record.Previous}"
                );
        }
        catch (JsonException e)
        {
            throw NotWritten(name, e);
        }
    }

    private byte[] Document(ChainRecord record)
    {
        // The id becomes part of a file's name.
        if (!Ulid.TryParse(record.Id, out _))
            throw Damaged($"the id of record {record.Sequence} is none");
        var name = ExportNames.Document(record);
        var bytes = Bytes(name, Limit);
        var hash = StoreContents.Sha256(bytes);
        return hash == record.Sha256
            ? bytes
            : throw Damaged(
                $"'{name}' was altered: its hash is {hash}, and record {record.Sequence} says {record.Sha256}"
            );
    }

    private Dictionary<string, byte[]> Pictures(ChainRecord record)
    {
        var pictures = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var sha256 in (record.Pictures?.Values ?? []).Distinct())
        {
            if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
                throw Damaged($"record {record.Sequence} names a picture that is no SHA-256");
            var bytes = Bytes(ExportNames.Picture(sha256), Limit);
            pictures[sha256] =
                StoreContents.Sha256(bytes) == sha256 ? bytes : throw NotWritten(ExportNames.Picture(sha256));
        }

        return pictures;
    }

    private byte[] Bytes(string name, int limit) =>
        files.Read(name, limit) ?? throw Damaged($"'{name}' is missing, broken or too large");

    private DamagedStoreException NotWritten(string name, Exception? inner = null) =>
        Damaged($"'{name}' is not what was written", inner);

    private DamagedStoreException Damaged(string what, Exception? inner = null) =>
        new($"The export '{path}' is damaged ({what}); use another copy of it.", what, inner);
}
