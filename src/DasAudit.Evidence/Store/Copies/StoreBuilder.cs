using DasAudit.Core.Files;
using DasAudit.Evidence.Queries;
using LiteDB;
using LiteDB.Engine;

namespace DasAudit.Evidence.Store.Copies;

/// <summary>Fills a new database beside the place that it is to take, and verifies it.</summary>
internal sealed class StoreBuilder(StoreConnection target)
{
    private const int Batch = 100;

    /// <summary>Where the new database is until it takes its place.</summary>
    internal string Beside { get; } = DurableFile.Beside(target.File.Path);

    private StoreConnection Copy => new(Beside, TimeProvider.System);

    /// <summary>Makes the database, on disk and verified record by record.</summary>
    /// <param name="head">What its chain must lead to.</param>
    /// <exception cref="DamagedStoreException">It does not, or the copy is not what was written.</exception>
    internal void Build(IEnumerable<StoredItem> items, ChainHead head, IProgress<StageProgress>? progress)
    {
        Delete();
        try
        {
            Fill(items, head, progress);
            using (var stream = new FileStream(Beside, FileMode.Open, FileAccess.Write, FileShare.None))
                stream.Flush(flushToDisk: true);
            Copy.HeadFile.Write(head);
            var check = new StoreChecker(Copy).Run(progress);
            if (!check.IsSound || check.Head != head)
                throw target.Errors.Damaged(check.IsSound ? "its copy has another chain" : check.Findings[0].What);
            File.Delete(Copy.HeadFile.Path);
        }
        catch (InvalidDataException e)
        {
            Delete();
            throw target.Errors.Damaged(e.Message, e);
        }
        catch
        {
            Delete();
            throw;
        }
    }

    private void Fill(IEnumerable<StoredItem> items, ChainHead head, IProgress<StageProgress>? progress)
    {
        using var database = new LiteDatabase(
            new LiteEngine(new EngineSettings { Filename = Beside, Collation = Collation.Binary }),
            new BsonMapper()
        );
        StoreSchema.Create(database, head.Store);
        using var index = new IndexFile(target.File.Path).Build();
        foreach (var batch in items.Chunk(Batch))
        {
            database.BeginTrans();
            foreach (var item in batch)
            {
                StoreInsertion.Insert(database, item);
                index.Add(IndexFrame.Make(item.Record.Sequence, item.Record.Hash, item.Report()));
            }

            database.Commit();
            database.Checkpoint();
            progress?.Report(new("writing records", batch[^1].Record.Sequence, head.Count));
        }

        database.Checkpoint();
        index.Complete();
    }

    private void Delete()
    {
        File.Delete(Beside);
        File.Delete(Copy.File.LogPath);
        File.Delete(Copy.HeadFile.Path);
    }
}
