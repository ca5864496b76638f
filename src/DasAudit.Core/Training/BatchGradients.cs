using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>Loss and gradient of training batches, which several copies of the model share.</summary>
internal sealed class BatchGradients : IDisposable
{
    private readonly TrainingBatches _batches;
    private readonly TrainingInputs _inputs;
    private readonly TrainingOptions _options;
    private readonly int _shardSize;
    private readonly int _threads;
    private readonly ConcurrentBag<TrainedCopy> _copies = [];
    private readonly bool _usesDropout;
    private bool _compiled;

    /// <summary>Loads an independent copy of the model for each thread that will have work.</summary>
    /// <param name="state">Whose weights the copies have, now and after each step.</param>
    public BatchGradients(
        Func<IDiffusionModel> load,
        TrainingState state,
        TrainingBatches batches,
        TrainingInputs inputs,
        TrainingOptions options,
        int threads
    )
    {
        (_batches, _inputs, _options) = (batches, inputs, options);
        var first = new TrainedCopy(load(), state);
        _copies.Add(first);
        _shardSize = options.ShardSize ?? ShardGradient.SizeFor(first.Model, inputs.Resize, options.BatchSize);
        _threads = Math.Min(threads, (options.BatchSize + _shardSize - 1) / _shardSize);
        while (_copies.Count < _threads)
            _copies.Add(new(load(), state));
        _usesDropout = first.Model.Network.modules().Any(module => module is TorchSharp.Modules.Dropout { p: > 0 });
    }

    /// <summary>The loss of a step's batch, float64 [], and its flat gradient; the caller disposes both.</summary>
    public (Tensor Loss, Tensor Gradient) Of(int step)
    {
        var samples = _batches.Samples(step);
        var shards = samples.Chunk(_shardSize).ToArray();
        var pictures = _inputs.Read(samples).Chunk(_shardSize).ToArray();
        var results = new (Tensor Loss, Tensor Gradient)[shards.Length];
        // Dropout draws from libtorch's one global generator, so its shards run in order, each from its own seed. The
        // first step runs in order because oneDNN must not compile its kernels in two threads at once (see Workers).
        var inOrder = !_compiled || _usesDropout;
        _compiled = true;
        try
        {
            Parallel.For(
                0,
                shards.Length,
                new ParallelOptions { MaxDegreeOfParallelism = inOrder ? 1 : _threads },
                shard =>
                {
                    TorchThreads.Use(1);
                    if (inOrder)
                        random.manual_seed((_options.Seed * 1_000_003 + step) * 1009 + shard);
                    results[shard] = OfShard(shards[shard], pictures[shard]);
                }
            );
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var loss = zeros([], dtype: float64, device: results[0].Loss.device);
        var sum = results[0].Gradient;
        foreach (var (shard, result) in results.Index())
        {
            loss.add_(result.Loss);
            result.Loss.Dispose();
            if (shard == 0)
                continue;
            sum.add_(result.Gradient);
            result.Gradient.Dispose();
        }

        return (loss.DetachFromDisposeScope(), sum);
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
    }

    private (Tensor Loss, Tensor Gradient) OfShard(TrainingSample[] samples, float[]?[] pictures)
    {
        if (!_copies.TryTake(out var copy))
            throw new InvalidOperationException("More shards run at once than there are copies of the model.");
        try
        {
            return ShardGradient.Compute(copy, samples, pictures, _inputs, _options);
        }
        finally
        {
            _copies.Add(copy);
        }
    }
}
