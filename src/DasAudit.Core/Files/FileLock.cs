namespace DasAudit.Core.Files;

/// <summary>A file that one process at a time holds; free again when that process ends, however it ends.</summary>
public static class FileLock
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Takes a lock, which disposing gives back; null where another process holds it.</summary>
    /// <param name="path">In a folder that exists; the file is made, and removed at the end.</param>
    public static IDisposable? TryTake(string path)
    {
        try
        {
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The same; waits for as long as another process holds it.</summary>
    public static IDisposable Take(string path, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(path) is { } held)
                return held;
            cancellation.WaitHandle.WaitOne(BetweenTries);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
