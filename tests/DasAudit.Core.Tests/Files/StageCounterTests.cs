using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public class StageCounterTests
{
    /// <summary>Whichever thread is slow to report.</summary>
    [Fact]
    public void Reports_of_several_threads_come_in_the_order_of_the_count()
    {
        var slow = new SlowListener();
        var counter = new StageCounter(slow, "counting", 40, done: 8);

        Parallel.For(0, 16, _ => counter.Add(2));

        Assert.Equal(Enumerable.Range(1, 16).Select(count => 8L + 2 * count), slow.Heard);
    }

    private sealed class SlowListener : IProgress<StageProgress>
    {
        public List<long> Heard { get; } = [];

        public void Report(StageProgress value)
        {
            Thread.Sleep((int)(value.Done % 5));
            Heard.Add(value.Done);
        }
    }
}
