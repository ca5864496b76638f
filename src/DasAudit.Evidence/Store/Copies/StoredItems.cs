using LiteDB;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>All records of a store in order, each with all that it is about, each checked.</summary>
internal static class StoredItems
{
    private const long BatchBytes = 8 << 20;

    /// <summary>Reads the records up to a head; the store is locked for some of them at a time.</summary>
    /// <param name="isHeld">Whether the caller holds the lock already.</param>
    /// <exception cref="DamagedStoreException">A record is not what was written.</exception>
    internal static IEnumerable<StoredItem> Read(StoreConnection connection, ChainHead head, bool isHeld)
    {
        var end = ChainHead.Empty(head.Store);
        while (end.Count < head.Count)
        {
            var start = end;
            var batch = isHeld
                ? connection.Use(StoreAccess.ReadOnly, database => Batch(database, start, head))
                : connection.Read(database => Batch(database, start, head));
            foreach (var item in batch)
            {
                end = end.After(item.Record);
                yield return item;
            }
        }
    }

    private static List<StoredItem> Batch(LiteDatabase database, ChainHead start, ChainHead head)
    {
        var items = new List<StoredItem>();
        var end = start;
        for (var bytes = 0L; end.Count < head.Count && bytes < BatchBytes; )
        {
            var record = StoreChain.Record(database, end.Count + 1);
            if (record.Previous != end.Hash)
                throw new InvalidDataException($"record {record.Sequence} does not follow the one before it");
            var item = StoredRecords.Read(database, record);
            items.Add(item);
            bytes += item.Json.Length + item.Pictures.Values.Sum(png => (long)png.Length);
            end = end.After(record);
        }

        return items;
    }
}
