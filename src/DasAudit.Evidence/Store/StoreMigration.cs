using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>Gives a store of schema 1 its chain, in the order of the ids, which is that of time.</summary>
/// <remarks>
/// The head file comes first and names the store. So a crash before the database follows leaves a store of schema 1
/// with a head file, whose migration must lead to that very head; any other store put in its place does not.
/// </remarks>
internal static class StoreMigration
{
    /// <summary>What the copy of the store as it was is called, after the store.</summary>
    internal const string CopySuffix = ".v1";

    /// <summary>Verifies all of a store, keeps a copy, and adds the chain.</summary>
    internal static ChainTail Run(StoreConnection connection, LiteDatabase database)
    {
        var copy = connection.File.Path + CopySuffix;
        connection.Say($"The store gets a chain of hashes over its records; as it was it is kept as '{copy}'.");
        StoreContents.VerifyAll(database);
        database.Checkpoint();
        connection.File.KeepCopy(copy);

        var file = connection.HeadFile.Read();
        var records = Chain(database, ChainHead.Empty(file?.Store ?? Ulid.NewUlid().ToString()), out var head);
        if (file is not null && file != head)
            throw new InvalidDataException("its head file is not that of its records");
        connection.HeadFile.Write(head);
        connection.Transact(
            database,
            () =>
            {
                records.ForEach(record => StoreChain.Insert(database, record));
                StoreSchema.SetChained(database, head.Store);
            }
        );
        return StoreChain.Tail(database);
    }

    private static List<ChainRecord> Chain(LiteDatabase database, ChainHead start, out ChainHead head)
    {
        var reports = StoreContents.Entries(database).Select(entry => (entry.Id, Kind: RecordKind.Report));
        var evaluations = StoreContents.Evaluations(database).Select(e => (e.Id, Kind: RecordKind.Evaluation));
        var records = new List<ChainRecord>();
        head = start;
        foreach (
            var (id, kind) in reports.Concat(evaluations).OrderBy(i => i.Id, StringComparer.Ordinal).ThenBy(i => i.Kind)
        )
        {
            var record = StoredRecords.Of(database, kind, id, head);
            records.Add(record);
            head = head.After(record);
        }

        return records;
    }
}
