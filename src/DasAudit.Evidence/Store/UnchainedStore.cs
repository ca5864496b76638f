using LiteDB;

namespace DasAudit.Evidence.Store;

/// <summary>A store of schema 1, which has no chain.</summary>
internal static class UnchainedStore
{
    /// <summary>Refuses one that says so of itself but has, or had, a chain.</summary>
    /// <param name="file">The head file: there is one only if it has been migrated, or a crash came in between.</param>
    /// <exception cref="InvalidDataException">It has a chain, or not as many records as its head file says.</exception>
    internal static void Check(LiteDatabase database, ChainHead? file)
    {
        if (StoreSchema.Chain(database).Count() > 0)
            throw new InvalidDataException(
                $"it says that it is a {StoreSchema.UnchainedId}, but has a chain of records"
            );
        var count = StoreSchema.ReportCount(database) + StoreSchema.EvaluationCount(database);
        if (file is not null && file.Count != count)
            throw new InvalidDataException(
                $"it was put back as it was before it had a chain: its head file says {file.Count} records, "
                    + $"and there are {count}"
            );
    }
}
