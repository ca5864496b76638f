using DasAudit.Core.Torch;

namespace DasAudit.Core.Tests.Torch;

public class WorkersTests
{
    [Fact]
    public void After_a_failure_no_worker_begins_another_job()
    {
        var begun = 0;
        Thread? failing = null;
        using var fails = new ManualResetEventSlim();
        using var othersWork = new ManualResetEventSlim();

        void Work(Nothing state, int job)
        {
            Interlocked.Increment(ref begun);
            if (job == 3)
            {
                failing = Thread.CurrentThread;
                fails.Set();
                othersWork.Wait(TestContext.Current.CancellationToken);
                throw new InvalidOperationException("job 3");
            }

            if (job == 4)
            {
                fails.Wait(TestContext.Current.CancellationToken);
                othersWork.Set();
                failing!.Join();
            }
        }

        var error = Assert.Throws<InvalidOperationException>(() => Workers.Run(() => new Nothing(), 2, 100, Work));
        Assert.Equal("job 3", error.Message);
        Assert.Equal(5, begun);
    }

    [Fact]
    public void The_first_job_runs_alone()
    {
        var (running, most) = (0, 0);
        Workers.Run(
            () => new Nothing(),
            3,
            10,
            (_, job) =>
            {
                Interlocked.Increment(ref running);
                if (job == 0)
                {
                    Thread.Sleep(50);
                    most = running;
                }

                Interlocked.Decrement(ref running);
            }
        );
        Assert.Equal(1, most);
    }

    [Fact]
    public void Every_state_is_disposed_even_where_a_job_fails()
    {
        var states = new List<Nothing>();
        Nothing Create()
        {
            var state = new Nothing();
            lock (states)
                states.Add(state);
            return state;
        }

        Assert.Throws<InvalidOperationException>(() =>
            Workers.Run(Create, 2, 8, (_, job) => throw new InvalidOperationException($"job {job}"))
        );
        Assert.NotEmpty(states);
        Assert.All(states, state => Assert.True(state.Disposed));
    }

    private sealed class Nothing : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
