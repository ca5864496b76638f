using DasAudit.Core.Files;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>Writes a store anew into as few pages as its records need.</summary>
internal static class StoreCompaction
{
    /// <summary>What the database as it was is called, after the store.</summary>
    internal const string OldSuffix = ".old";

    /// <summary>
    /// Copies all records into a new database, verifies that it holds the same chain, and puts it in the old one's
    /// place; nobody else uses the store meanwhile. A crash leaves the one or the other.
    /// </summary>
    /// <param name="keepOld">Whether the old database stays beside the new one.</param>
    /// <returns>Its size in bytes before and after.</returns>
    internal static (long Before, long After) Run(
        StoreConnection connection,
        bool keepOld,
        IProgress<StageProgress>? progress
    )
    {
        var path = connection.File.Path;
        var (before, after) = (0L, 0L);
        connection.Exclusively(() =>
        {
            if (keepOld && File.Exists(path + OldSuffix))
                throw connection.Errors.CopyInTheWay(path + OldSuffix);
            var head = connection.Use(StoreAccess.ReadWrite, database => connection.Settle(database).Head);
            before = new FileInfo(path).Length;
            if (!connection.File.HasRoom(before))
                throw connection.Errors.Full();
            var builder = new StoreBuilder(connection);
            builder.Build(StoredItems.Read(connection, head, isHeld: true), head, progress);
            File.Replace(builder.Beside, path, keepOld ? path + OldSuffix : null);
            DurableFile.FlushFolder(path);
            after = new FileInfo(path).Length;
        });
        return (before, after);
    }
}
