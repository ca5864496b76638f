using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Torch;

/// <summary>
/// TorchSharp's scalars must survive a garbage collection during the call that uses them; see src/LibTorch.targets.
/// Without the patch this ends within a second in wrong values, an exception, or a crash of the process.
/// </summary>
public class ScalarLifetimeTests
{
    [Fact]
    public void Scalars_survive_garbage_collections_during_native_calls()
    {
        var (stop, wrong) = (false, 0);
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect(0);
                Thread.Sleep(1);
            }
        });
        collector.Start();
        var workers = Enumerable
            .Range(0, 2)
            .Select(_ => new Thread(() =>
            {
                for (var round = 0; round < 150; round++)
                {
                    using var scope = NewDisposeScope();
                    for (var i = 0; i < 50; i++)
                    {
                        var value = (zeros(4).add_(ones(4)).add(2.5f) * 3f)[0].item<float>();
                        if (value != 10.5f)
                            Interlocked.Increment(ref wrong);
                    }
                }
            }))
            .ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        Volatile.Write(ref stop, true);
        collector.Join();
        Assert.Equal(0, wrong);
    }
}
