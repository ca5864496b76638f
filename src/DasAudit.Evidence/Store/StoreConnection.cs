using LiteDB;
using LiteDB.Engine;

namespace DasAudit.Evidence.Store;

/// <summary>Opens the file for one unit of work, under the lock; words whatever goes wrong.</summary>
internal sealed class StoreConnection(string path, TimeProvider time)
{
    // Values of Linux's errno, which IOException carries as its HResult.
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    private readonly StoreErrors _errors = new(path);
    private readonly StoreFile _file = new(path, new StoreErrors(path));

    /// <summary>Makes sure that there is a store that may be written.</summary>
    internal void CreateIfMissing() =>
        Guard(
            StoreAccess.ReadWrite,
            () =>
            {
                var exists = _file.Exists();
                if (!exists)
                    Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
                if (_file.IsReadOnly())
                    throw _errors.ReadOnly();
                if (exists)
                    return;
                using var held = Lock(StoreAccess.ReadWrite);
                if (!_file.Exists())
                    _file.Create(StoreSchema.Create);
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
                if (!_file.Exists())
                    throw _errors.Missing();
                using var held = Lock(StoreAccess.ReadOnly);
                _file.Check(StoreAccess.ReadOnly);
                result = Use(
                    new EngineSettings
                    {
                        Filename = _file.Path,
                        ReadOnly = true,
                        LogStream = _file.ReadLog(),
                        TempStream = new MemoryStream(),
                    },
                    read
                );
            }
        );
        return result;
    }

    /// <summary>One transaction, on disk when this returns; a failure leaves the database as it was.</summary>
    /// <param name="bytes">About how much is added.</param>
    /// <param name="verify">Looks whether it is there, after it was written; throws if not.</param>
    internal void Write(long bytes, Action<LiteDatabase> change, Action<LiteDatabase> verify) =>
        Guard(
            StoreAccess.ReadWrite,
            () =>
            {
                if (!_file.Exists())
                    throw _errors.Missing();
                if (_file.IsReadOnly())
                    throw _errors.ReadOnly();
                using var held = Lock(StoreAccess.ReadWrite);
                _file.Check(StoreAccess.ReadWrite);
                if (!_file.HasRoom(bytes))
                    throw _errors.Full();
                var state = _file.ReadInvalidState();
                try
                {
                    Use(
                        new EngineSettings { Filename = _file.Path },
                        database =>
                        {
                            database.BeginTrans();
                            change(database);
                            database.Commit();
                            database.Checkpoint();
                            verify(database);
                            return true;
                        }
                    );
                }
                catch (Exception e)
                {
                    _file.RestoreInvalidState(state);
                    if (!_file.HasRoom(0))
                        throw _errors.Full(e);
                    throw;
                }
            }
        );

    private T Use<T>(EngineSettings settings, Func<LiteDatabase, T> work)
    {
        LiteDatabase? database = null;
        try
        {
            database = new LiteDatabase(new LiteEngine(settings), new BsonMapper());
            StoreSchema.Check(database, _errors);
            return work(database);
        }
        catch (Exception e)
            when (e is EndOfStreamException or not (AuditException or IOException or UnauthorizedAccessException))
        {
            throw _errors.Damaged(e is InvalidDataException ? e.Message : "a page of it cannot be read", e);
        }
        finally
        {
            database?.Dispose();
        }
    }

    private StoreLock Lock(StoreAccess access) =>
        StoreLock.Acquire(_file.Path, access, ReportStore.LockTimeout, time) ?? throw _errors.Busy();

    private void Guard(StoreAccess access, Action action)
    {
        try
        {
            action();
        }
        catch (UnauthorizedAccessException e)
        {
            throw access == StoreAccess.ReadOnly ? _errors.Denied(e) : _errors.ReadOnly(e);
        }
        catch (IOException e)
        {
            throw e.HResult switch
            {
                ReadOnlyFileSystem => _errors.ReadOnly(e),
                NoSpace or QuotaExceeded or FileTooBig => _errors.Full(e),
                _ => _errors.Failed(e),
            };
        }
    }
}
