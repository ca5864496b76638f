using DasAudit.Core.Platforms;

namespace DasAudit.Evidence.Store;

/// <summary>
/// Keeps a writer alone with the store's file, across processes. LiteDB does not: two processes that open a file at
/// once destroy data without an error. A writer holds <c>FILE.lock</c> alone, and then makes sure that nobody has the
/// file itself open. A reader holds the file itself and, where there is one, <c>FILE.lock</c>, both shared with other
/// readers; so it need not create a lock file, and a writer still sees it.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<FileStream> _held;

    private StoreLock(params IReadOnlyList<FileStream> held) => _held = held;

    /// <summary>Waits for the lock until the time is up; null if others held it all the time.</summary>
    /// <param name="onWaiting">Called once if this takes a second.</param>
    internal static StoreLock? Acquire(
        string path,
        StoreAccess access,
        TimeSpan timeout,
        TimeProvider time,
        Action? onWaiting = null
    )
    {
        var start = time.GetTimestamp();
        var isTold = false;
        while (true)
        {
            try
            {
                return access == StoreAccess.ReadWrite ? Exclusive(path) : Shared(path);
            }
            catch (IOException e) when (Platform.Current.IsHeld(e)) { }

            var waited = time.GetElapsedTime(start);
            if (waited >= timeout)
                return null;
            if (waited >= Patience && !isTold)
            {
                onWaiting?.Invoke();
                isTold = true;
            }

            Task.Delay(Pause(waited, timeout - waited), time).Wait();
        }
    }

    public void Dispose()
    {
        foreach (var stream in _held)
            stream.Dispose();
    }

    // Others are tried less often the longer they take, since a short wait matters less then.
    private static TimeSpan Pause(TimeSpan waited, TimeSpan left)
    {
        var pause = TimeSpan.FromTicks(Math.Clamp(waited.Ticks / 100, ShortestPause.Ticks, LongestPause.Ticks));
        return pause < left ? pause : left;
    }

    private static StoreLock Exclusive(string path)
    {
        var lockFile = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            if (File.Exists(path))
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
            return new StoreLock(lockFile);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    private static StoreLock Shared(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        try
        {
            return File.Exists(path + ".lock")
                ? new StoreLock(file, new FileStream(path + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read))
                : new StoreLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
