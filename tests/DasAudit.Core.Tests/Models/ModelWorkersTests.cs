using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Models;

public sealed class ModelWorkersTests : IDisposable
{
    private Device _device = CPU;
    private readonly ModelPool _pool;
    private readonly List<CountingWorker> _made = [];

    public ModelWorkersTests() =>
        _pool = new(() =>
            new FunctionModel(nn.Linear(2, 2, device: _device), new(1, 1, 2), (noisy, _, _) => noisy.alias())
        );

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_processor_runs_as_many_jobs_at_once_as_there_are_threads()
    {
        using var workers = Start(threads: 3);
        using var all = new Barrier(3);
        workers.Run(
            4,
            (_, job) =>
            {
                if (job > 0)
                    Assert.True(all.SignalAndWait(TimeSpan.FromSeconds(30)));
            }
        );
        Assert.Equal(3, _made.Count);
    }

    [Fact]
    public void Another_device_runs_one_job_at_a_time_on_one_copy_of_the_model()
    {
        // Parameters without values, which need no such device.
        _device = META;
        using var workers = Start(threads: 6);
        var running = 0;
        workers.Run(
            20,
            (_, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                Thread.Sleep(1);
                Interlocked.Decrement(ref running);
            }
        );
        Assert.Single(_made);
    }

    [Fact]
    public void Workers_are_prepared_once_kept_between_rounds_and_give_their_copies_back()
    {
        using (var workers = Start(threads: 2))
        {
            using var both = new Barrier(2);
            for (var round = 0; round < 3; round++)
            {
                workers.Run(
                    3,
                    (_, job) =>
                    {
                        if (job > 0)
                            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)));
                    }
                );
            }
        }

        Assert.Equal([1, 1], _made.Select(worker => worker.Preparations));
        Assert.All(_made, worker => Assert.True(worker.Disposed));
        using var copy = _pool.Rent();
        Assert.Same(_made[0].Model, copy.Model);
    }

    [Fact]
    public void A_budget_unloads_the_copies_that_it_has_no_room_for()
    {
        var copies = Enumerable.Range(0, 3).Select(_ => _pool.Rent()).ToList();
        copies.ForEach(copy => copy.Dispose());
        var unused = copies[2].Model.Network.parameters().First();
        using var workers = Start(threads: 3, budget: (512L + 150) << 20);
        Assert.Equal(1, workers.Count);
        Assert.True(unused.IsInvalid);
    }

    private ModelWorkers<CountingWorker> Start(int threads, long? budget = null)
    {
        CountingWorker Make(ModelCopy copy)
        {
            var worker = new CountingWorker(copy);
            lock (_made)
                _made.Add(worker);
            return worker;
        }

        return new(_pool, () => _pool.Lend(Make), null, threads, budget);
    }

    private sealed class CountingWorker(ModelCopy copy) : IModelWorker
    {
        public IDiffusionModel Model => copy.Model;

        public NoisyBatches Batches { get; } = new GradientOptions().Batches(copy.Model);

        public int Preparations { get; private set; }

        public bool Disposed { get; private set; }

        public BatchMemory Prepare(Condition? condition)
        {
            Preparations++;
            return new(100 << 20, 1 << 20, 32);
        }

        public void Dispose()
        {
            Disposed = true;
            copy.Dispose();
        }
    }
}
