using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Training.Replay;

/// <summary>
/// The end of a training run, gone through again from the state that was kept: the same pictures, noise and order.
/// Going back over it takes each step once more, in segments of about √K of its K steps, so that memory holds 2·√K
/// states.
/// </summary>
internal sealed class TrainingReplay : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly TrainingState _state;
    private readonly TrainingInputs _inputs;
    private readonly BatchGradients _gradients;
    private readonly List<TrainingVectors> _segments = [];

    /// <param name="load">Makes an independent copy of the model, whatever its trained weights.</param>
    /// <param name="folder">What training wrote; absolute.</param>
    /// <param name="set">What it was trained on, or on a part of.</param>
    /// <param name="record">What it says of itself.</param>
    public TrainingReplay(
        Func<IDiffusionModel> load,
        string folder,
        TrainingSet set,
        TrainingRecord record,
        int threads
    )
    {
        _options = record.Options;
        using var model = load();
        var part = PartOf(set, record.Pictures);
        Pictures = part?.Length ?? set.Items.Count;
        _state = new(model, _options);
        _state.Load(KeptState.PathIn(folder));
        First = _state.Step;
        _inputs = new(set, new(model, set.Resize));
        var batches = new TrainingBatches(set, new NoiseSource(_options.Seed), _options.BatchSize, part);
        _gradients = new(load, _state, batches, _inputs, _options, threads);
    }

    /// <summary>The first step that is replayed.</summary>
    public int First { get; }

    /// <summary>K, how many are.</summary>
    public int Count => _options.Steps - First;

    /// <summary>How many pictures the run was trained on.</summary>
    public int Pictures { get; }

    /// <summary>Goes to the end, once.</summary>
    /// <param name="stepDone">Told of each step; may be null.</param>
    /// <returns>The averaged weights, float32 [p], which the caller disposes.</returns>
    public Tensor Finish(Action? stepDone, CancellationToken cancellation)
    {
        var length = (int)Math.Ceiling(Math.Sqrt(Count));
        while (_state.Step < _options.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            if ((_state.Step - First) % length == 0)
                _segments.Add(_state.Copy());
            using var scope = NewDisposeScope();
            Advance().Gradient.Dispose();
            stepDone?.Invoke();
        }

        using var end = _state.Copy();
        return end.Average.clone().DetachFromDisposeScope();
    }

    /// <summary>
    /// The steps, the last first; after <see cref="Finish"/>. Each is disposed when the next is asked for.
    /// </summary>
    public IEnumerable<ReplayStep> Backwards(CancellationToken cancellation)
    {
        var end = _options.Steps;
        foreach (var segment in Enumerable.Reverse(_segments))
        {
            var steps = new Stack<ReplayStep>();
            try
            {
                _state.Put(segment);
                while (_state.Step < end)
                {
                    cancellation.ThrowIfCancellationRequested();
                    steps.Push(Record());
                }

                while (steps.TryPop(out var step))
                {
                    using (step)
                        yield return step;
                }
            }
            finally
            {
                foreach (var step in steps)
                    step.Dispose();
            }

            end = segment.Step;
        }
    }

    /// <summary>∇L_k of a step's batch at other weights, float32 [p] in the caller's dispose scope.</summary>
    /// <remarks>The replay's own weights are then these; it goes on from those that each segment kept.</remarks>
    public Tensor GradientAt(int step, Tensor weights)
    {
        using (no_grad())
            _state.Layout.FromRowMajor(weights, _state.Weights);
        var (loss, flat) = _gradients.Of(step);
        loss.Dispose();
        using var gradient = flat;
        return _state.Layout.ToRowMajor(gradient);
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
        _gradients.Dispose();
        _inputs.Dispose();
        _state.Dispose();
    }

    private static TrainingItem[]? PartOf(TrainingSet set, IReadOnlyList<string>? pixelHashes)
    {
        if (pixelHashes is null)
            return null;
        var hashes = pixelHashes.ToHashSet();
        return [.. set.Items.Where(item => hashes.Contains(item.PixelSha256))];
    }

    private ReplayStep Record()
    {
        using var scope = NewDisposeScope();
        using var before = _state.Copy();
        var (gradient, norm) = Advance();
        using var disposed = gradient;
        using var after = _state.Copy();
        return new(
            before.Step,
            Kept(before.Weights),
            Kept(gradient),
            norm,
            Kept(after.FirstMoments),
            Kept(after.SecondMoments)
        );

        static Tensor Kept(Tensor vector) => vector.clone().DetachFromDisposeScope();
    }

    private (Tensor Gradient, double Norm) Advance()
    {
        var (loss, flat) = _gradients.Of(_state.Step);
        loss.Dispose();
        using var gradient = flat;
        using var norm = _state.Advance(gradient, _options);
        return (_state.Layout.ToRowMajor(gradient).DetachFromDisposeScope(), norm.item<double>());
    }
}
