using System.Runtime.ExceptionServices;
using TorchSharp;

namespace DasAudit.Core.Torch;

/// <summary>
/// Worker threads, each with its own state (a copy of the model) and one thread inside each operation: on a processor
/// this is faster than many threads inside one operation, and sums come out the same for any number of workers.
/// </summary>
internal static class Workers
{
    /// <summary>Workers that a device is worth: one a thread on the processor, one on any other.</summary>
    public static int On(DeviceType device, int threads) => device == DeviceType.CPU ? threads : 1;

    /// <summary>Runs jobs 0 … count − 1 in order; the first failure stops the others and is thrown.</summary>
    /// <param name="create">Makes a worker's state, on its thread; the worker disposes it.</param>
    /// <param name="run">Runs a job with a state that no other thread uses.</param>
    /// <param name="areCompiled">Whether a job before met every shape that these do, so that none runs alone.</param>
    public static void Run<TState>(
        Func<TState> create,
        int workers,
        int count,
        Action<TState, int> run,
        bool areCompiled = false
    )
        where TState : IDisposable
    {
        var failures = new Exception?[count + workers];
        var (next, stop) = (-1, false);
        // oneDNN compiles its kernels at first use and shares them among threads, and crashes when two threads compile
        // and run them at once: the first job, which meets every shape that the others do, runs alone.
        using var compiled = new ManualResetEventSlim(areCompiled);

        void Work(int worker)
        {
            var current = count + worker;
            try
            {
                if (worker > 0)
                    compiled.Wait();
                TorchThreads.Use(1);
                using var state = create();
                while (!Volatile.Read(ref stop) && Interlocked.Increment(ref next) is var job && job < count)
                {
                    run(state, current = job);
                    compiled.Set();
                }
            }
#pragma warning disable CA1031 // Carried to the calling thread below.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures[current] = e;
                Volatile.Write(ref stop, true);
            }
            finally
            {
                compiled.Set();
            }
        }

        var threads = Enumerable
            .Range(0, Math.Clamp(count, 1, workers))
            .Select(worker => new Thread(() => Work(worker)) { IsBackground = true })
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }
}
