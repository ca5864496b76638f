using LiteDB;
using LiteDB.Engine;

namespace DasAudit.Evidence.Store;

/// <summary>Opens the file for one unit of work, under the lock; words whatever goes wrong.</summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock that waiting is measured with.</param>
/// <param name="say">Takes sentences for the person who waits.</param>
internal sealed class StoreConnection(string path, TimeProvider time, Action<string>? say = null)
{
    // The file that is open for writing; only one thread can have the lock for that.
    private PageStream? _written;

    internal StoreErrors Errors { get; } = new(path);

    internal StoreFile File { get; } = new(path, new StoreErrors(path));

    internal HeadFile HeadFile { get; } = new(path, new StoreErrors(path));

    /// <summary>Tells the person something.</summary>
    internal void Say(string sentence) => say?.Invoke(sentence);

    /// <summary>Makes sure that there is a store that may be written.</summary>
    internal void CreateIfMissing() =>
        Guard(
            StoreAccess.ReadWrite,
            () =>
            {
                var exists = File.Exists();
                if (!exists)
                    Directory.CreateDirectory(Path.GetDirectoryName(File.Path)!);
                if (File.IsReadOnly())
                    throw Errors.ReadOnly();
                if (exists)
                    return;
                using var held = Lock(StoreAccess.ReadWrite);
                if (!File.Exists())
                    Create();
            }
        );

    /// <summary>Makes a store where there is none, while no other process can.</summary>
    internal void CreateNew(Action create) =>
        Guard(
            StoreAccess.ReadWrite,
            () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(File.Path)!);
                using var held = Lock(StoreAccess.ReadWrite);
                if (File.Exists())
                    throw Errors.Exists();
                create();
            }
        );

    /// <summary>Reads; nothing on disk changes, whatever happens.</summary>
    internal T Read<T>(Func<LiteDatabase, T> read)
    {
        T result = default!;
        Guard(
            StoreAccess.ReadOnly,
            () =>
            {
                if (!File.Exists())
                    throw Errors.Missing();
                using var held = Lock(StoreAccess.ReadOnly);
                File.Check(StoreAccess.ReadOnly);
                result = Use(StoreAccess.ReadOnly, read);
            }
        );
        return result;
    }

    /// <summary>The end of the chain, which must agree with the head file; null for a store of schema 1.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    internal ChainTail? Tail(LiteDatabase database)
    {
        var file = HeadFile.Read();
        if (!StoreSchema.IsChained(database))
        {
            UnchainedStore.Check(database, file);
            return null;
        }

        var tail = StoreChain.Tail(database);
        if (file is not null && tail.Contradiction(file) is { } contradiction)
            throw new InvalidDataException(contradiction);
        return tail;
    }

    /// <summary>Checks the end of the chain, and for a writer that there is a head file.</summary>
    /// <exception cref="AuditException">There is none, though there are records.</exception>
    /// <exception cref="InvalidDataException">It does not agree with the head file.</exception>
    internal bool CheckEnd(LiteDatabase database, StoreAccess access)
    {
        var tail = Tail(database);
        if (access == StoreAccess.ReadWrite && tail?.Contradiction(HeadFile.Read()) is not null)
            throw Errors.HeadMissing(HeadFile.Path);
        return true;
    }

    /// <summary>
    /// Adds a record in one transaction. It is in the database on disk, and the head file says so, when this returns; a
    /// failure before the head file is written leaves the database as it was.
    /// </summary>
    /// <param name="bytes">About how much is added.</param>
    /// <param name="insert">Adds what the record is about, and returns the record that follows the head.</param>
    /// <param name="verify">Looks whether it is there, before and after it is on disk; throws if not.</param>
    /// <param name="added">Called with the head before and the record when it is safe, still under the lock.</param>
    internal void Append(
        long bytes,
        Func<LiteDatabase, ChainHead, ChainRecord> insert,
        Action<LiteDatabase> verify,
        Action<ChainHead, ChainRecord> added
    )
    {
        ChainHead? before = null;
        ChainRecord? record = null;
        Write(
            bytes,
            database =>
            {
                before = Settle(database).Head;
                Transact(
                    database,
                    () =>
                    {
                        record = insert(database, before);
                        StoreChain.Insert(database, record);
                        verify(database);
                    }
                );
                verify(database);
                return before.After(record!);
            },
            () => added(before!, record!)
        );
    }

    /// <summary>
    /// Changes the database that <see cref="Use"/> opened for writing, in one transaction that is on disk when this
    /// returns. Where the change fails, no byte of the file is another than before. No log may be there before.
    /// </summary>
    internal void Transact(LiteDatabase database, Action change)
    {
        try
        {
            database.BeginTrans();
            change();
        }
        catch
        {
            _written!.IsFrozen = true;
            throw;
        }

        database.Commit();
        database.Checkpoint();
    }

    /// <summary>
    /// Works on the file alone, as no other process can; what is returned becomes the head file, then done is called.
    /// </summary>
    internal void Write(long bytes, Func<LiteDatabase, ChainHead> change, Action? done = null) =>
        Exclusively(() =>
        {
            if (!File.HasRoom(bytes))
                throw Errors.Full();
            var state = File.ReadInvalidState();
            try
            {
                HeadFile.Write(Use(StoreAccess.ReadWrite, change));
            }
            catch (Exception e)
            {
                File.RestoreInvalidState(state);
                if (!File.HasRoom(0))
                    throw Errors.Full(e);
                throw;
            }

            done?.Invoke();
        });

    /// <summary>Does something while no other process uses the store.</summary>
    internal void Exclusively(Action action) =>
        Guard(
            StoreAccess.ReadWrite,
            () =>
            {
                if (!File.Exists())
                    throw Errors.Missing();
                if (File.IsReadOnly())
                    throw Errors.ReadOnly();
                using var held = Lock(StoreAccess.ReadWrite);
                File.Check(StoreAccess.ReadWrite);
                action();
            }
        );

    /// <summary>Opens the database; the lock must be held.</summary>
    internal T Use<T>(StoreAccess access, Func<LiteDatabase, T> work)
    {
        LiteDatabase? database = null;
        using var stream = File.Open(access);
        if (access == StoreAccess.ReadWrite)
            _written = stream;
        try
        {
            database = new LiteDatabase(new LiteEngine(Settings(access, stream)), new BsonMapper());
            StoreSchema.Check(database, Errors);
            return work(database);
        }
        catch (Exception e)
            when (e is EndOfStreamException or not (AuditException or IOException or UnauthorizedAccessException))
        {
            throw Errors.Damaged(e is InvalidDataException ? e.Message : "a page of it cannot be read", e);
        }
        finally
        {
            database?.Dispose();
            if (stream.IsFrozen)
                File.DeleteLog();
        }
    }

    /// <summary>
    /// Makes a database that is opened for writing ready for it: gives it its chain if it has none, and has the head
    /// file catch up after a crash.
    /// </summary>
    internal ChainTail Settle(LiteDatabase database)
    {
        var tail = Tail(database) ?? StoreMigration.Run(this, database);
        var file = HeadFile.Read();
        if (tail.Contradiction(file) is not null)
            throw Errors.HeadMissing(HeadFile.Path);

        // What a crash left in the log reaches the disk before the head file says that it is there.
        database.Checkpoint();
        if (tail.IsAheadOf(file))
            HeadFile.Write(tail.Head);

        return tail;
    }

    /// <summary>Runs something on the store's files, and words what the system refuses.</summary>
    internal void Guard(StoreAccess access, Action action)
    {
        try
        {
            action();
        }
        catch (UnauthorizedAccessException e)
        {
            throw access == StoreAccess.ReadOnly ? Errors.Denied(e) : Errors.ReadOnly(e);
        }
        catch (IOException e)
        {
            throw Errors.Refused(e);
        }
    }

    // The head file comes second: a store without records may lack it.
    private void Create()
    {
        if (HeadFile.Read() is { Count: > 0 } head)
            throw Errors.HeadWithoutStore(HeadFile.Path, head.Count);
        var store = Ulid.NewUlid(time.GetUtcNow()).ToString();
        File.Create(database => StoreSchema.Create(database, store));
        HeadFile.Write(ChainHead.Empty(store));
    }

    private EngineSettings Settings(StoreAccess access, PageStream stream) =>
        access == StoreAccess.ReadOnly
            ? new()
            {
                DataStream = stream,
                ReadOnly = true,
                LogStream = File.ReadLog(),
                TempStream = new MemoryStream(),
            }
            : new() { DataStream = stream, Filename = File.Path };

    private StoreLock Lock(StoreAccess access) =>
        StoreLock.Acquire(
            File.Path,
            access,
            access == StoreAccess.ReadOnly ? ReportStore.LockTimeout : ReportStore.WriteTimeout,
            time,
            () => Say($"Waiting for another process that uses the store '{path}'.")
        ) ?? throw Errors.Busy();
}
