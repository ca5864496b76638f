using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string LockPath => Path.Combine(_folder.Path, ".lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_at_a_time_holds_it()
    {
        using (FileLock.TryTake(LockPath))
            Assert.Null(FileLock.TryTake(LockPath));
        using var next = FileLock.TryTake(LockPath);
        Assert.NotNull(next);
    }

    [Fact]
    public void The_file_is_removed_at_the_end()
    {
        FileLock.TryTake(LockPath)!.Dispose();
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Who_waits_gets_it_when_it_is_free()
    {
        var held = FileLock.TryTake(LockPath)!;
        var waiting = Task.Run(() => FileLock.Take(LockPath, TestContext.Current.CancellationToken));
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public void Waiting_can_be_cancelled()
    {
        using var held = FileLock.TryTake(LockPath);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.Throws<OperationCanceledException>(() => FileLock.Take(LockPath, cancellation.Token));
    }
}
