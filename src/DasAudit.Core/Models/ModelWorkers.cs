using System.Collections.Concurrent;
using System.Diagnostics;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Models;

/// <summary>
/// The workers of an engine, each with its own copy of the model. The first says what memory it needs; from that and
/// the budget follow the number of workers and the rows of a batch. All stay prepared until disposed.
/// </summary>
internal sealed class ModelWorkers<TWorker> : IDisposable
    where TWorker : class, IModelWorker
{
    private const int TimedBatches = 3;

    private readonly Func<TWorker> _create;
    private readonly Condition? _condition;
    private readonly ConcurrentBag<TWorker> _idle = [];

    /// <summary>For a condition as pictures have, null for none, and bytes for all workers, null for any.</summary>
    public ModelWorkers(ModelPool pool, Func<TWorker> create, Condition? condition, int threads, long? budget)
    {
        (_create, _condition) = (create, condition);
        Platform.Current.KeepFreedMemory();
        TorchThreads.Use(1);
        var watch = Stopwatch.StartNew();
        try
        {
            First = create();
            _idle.Add(First);
            var memory = First.Prepare(condition);
            (Rows, Count) = memory.Fit(First.Batches.Model.Device().type, threads, budget);
            MemoryBytes = Count * (memory.Fixed + First.Batches.LargestBatch(Rows) * memory.PerRow);
            pool.Trim(Count);
            StartSeconds = watch.Elapsed.TotalSeconds;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The worker that was made first; not to be used while jobs run.</summary>
    public TWorker First { get; }

    /// <summary>Most rows of a batch.</summary>
    public int Rows { get; }

    public int Count { get; }

    /// <summary>Bytes that all workers take beside the program itself.</summary>
    public long MemoryBytes { get; }

    /// <summary>Wall-clock seconds that it took to load and check the first model.</summary>
    public double StartSeconds { get; }

    /// <summary>Runs jobs 0 … count − 1 as <see cref="Workers.Run"/> does.</summary>
    public void Run(int count, Action<TWorker, int> run) =>
        Workers.Run(() => new Turn(this), Count, count, (turn, job) => run(turn.Worker, job));

    /// <summary>Runs a job for each picture, and reports each that is finished.</summary>
    /// <param name="compute">Given a worker and a picture; on several threads at once.</param>
    /// <param name="take">Given a picture's position, its result and its worker, on one thread at a time.</param>
    public void ForEach<TResult>(
        string stage,
        IReadOnlyList<ModelPicture> pictures,
        Func<TWorker, ModelPicture, TResult> compute,
        Action<int, TResult, TWorker> take,
        IProgress<StageProgress>? progress
    )
    {
        var gate = new Lock();
        var finished = 0;
        Run(
            pictures.Count,
            (worker, index) =>
            {
                var result = compute(worker, pictures[index]);
                lock (gate)
                {
                    take(index, result, worker);
                    finished++;
                    progress?.Report(new(stage, finished, pictures.Count));
                }
            }
        );
    }

    /// <summary>Times three batches a worker, after as many that do not count: they warm up.</summary>
    /// <param name="runBatch">Runs a batch and returns which part of a picture it was.</param>
    /// <returns>The median of a worker's seconds a picture.</returns>
    public double Time(Func<TWorker, double> runBatch, CancellationToken cancellation)
    {
        var seconds = new ConcurrentBag<double>();
        Run(
            2 * TimedBatches * Count,
            (worker, job) =>
            {
                cancellation.ThrowIfCancellationRequested();
                var watch = Stopwatch.StartNew();
                var share = runBatch(worker);
                if (job >= TimedBatches * Count)
                    seconds.Add(watch.Elapsed.TotalSeconds / share);
            }
        );
        return seconds.Order().ElementAt(seconds.Count / 2);
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var worker))
            worker.Dispose();
        Platform.Current.ReturnFreedMemory();
    }

    private TWorker Take()
    {
        if (_idle.TryTake(out var idle))
            return idle;
        var worker = _create();
        try
        {
            worker.Prepare(_condition);
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>A worker while a thread has it.</summary>
    private sealed class Turn(ModelWorkers<TWorker> workers) : IDisposable
    {
        public TWorker Worker { get; } = workers.Take();

        public void Dispose() => workers._idle.Add(Worker);
    }
}
