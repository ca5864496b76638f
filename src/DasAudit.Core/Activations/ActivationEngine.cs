using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Activations;

/// <summary>
/// Activations of many pictures at the timesteps and under the noise that gradients would be taken with: forward passes only. One worker a
/// thread, each with its own copy of the model, one picture at a time, so the result does not depend on the number of workers.
/// </summary>
/// <param name="load">Loads an independent copy of the model.</param>
/// <param name="options">Timesteps, noise draws, seed, and the projection of activations that are longer than its dimension.</param>
/// <param name="workers">Number of worker threads, at least 1.</param>
/// <param name="place">Where; null for the output of the network's last block (<see cref="Place"/> says which module that is).</param>
public sealed class ActivationEngine(Func<IDiffusionModel> load, GradientOptions options, int workers, ActivationPlace? place = null)
{
    /// <summary>The kind of the rows: row r·K + j for timestep j of noise draw r.</summary>
    public static FeatureKind Kind { get; } = new("activation", Unit: false, Apart: true);

    /// <summary>Where activations were taken: the place asked for, else the input of the layer with parameters that the network calls last, or of the
    /// normalisation called right before it. Known once <see cref="Compute"/> returned.</summary>
    public ActivationPlace? Place { get; private set; } = place;

    /// <summary>Computes the activations of every picture.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>In the order of the pictures: rows of <see cref="Kind"/>, squared errors, and no gradient norms.</returns>
    /// <exception cref="AuditException">A picture cannot be read, the place is none, an activation is not finite, or the memory does not suffice.</exception>
    public IReadOnlyList<PictureFeatures> Compute(IReadOnlyList<FeaturePicture> pictures, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var features = new PictureFeatures[pictures.Count];
        if (pictures.Count == 0) return features;
        var (gate, count) = (new Lock(), 0);
        Worker? first = new(load(), options);
        try
        {
            TorchThreads.Use(1);
            var (found, memory) = first.Prepare(pictures[0], Place);
            Place = found;
            var (rows, copies) = memory.Fit(workers, options.Memory);
            Workers.Run(() => Interlocked.Exchange(ref first, null) ?? new Worker(load(), options).At(found), copies, pictures.Count, (worker, index) =>
            {
                features[index] = worker.Compute(pictures[index], rows, cancellation);
                lock (gate) progress?.Report(new("computing activations", ++count, pictures.Count));
            });
        }
        finally
        {
            first?.Dispose();
        }

        return features;
    }

    private sealed class Worker(IDiffusionModel model, GradientOptions options) : IDisposable
    {
        private readonly int[] _timesteps = options.TimestepGrid(model.Schedule.TrainTimesteps);
        private readonly NoisyBatches _batches = new(model, options.TimestepGrid(model.Schedule.TrainTimesteps), new(options.Seed));
        private ActivationTap? _tap;
        private IProjection? _projection;

        /// <summary>Finds the place on pure noise, and says what memory a batch takes.</summary>
        public (ActivationPlace Place, BatchMemory Memory) Prepare(FeaturePicture picture, ActivationPlace? place)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var (shape, parameters) = (model.SampleShape, model.Network.parameters().ToList());
            var condition = model.Condition(picture);
            var noise = _batches.Noise(zeros([1, shape.Channels, shape.Height, shape.Width], device: parameters[0].device), condition).Row(0);
            place ??= ActivationTap.Find(model.Network, () => model.Predict(noise.Noisy, noise.Timesteps, noise.Condition).Dispose());
            At(place);
            model.Predict(noise.Noisy, noise.Timesteps, noise.Condition).Dispose();
            using var activation = _tap!.Take(1);
            // A network's other intermediate values are of the size of its last, level by level smaller, and there are tens of them.
            return (place, new(parameters.Sum(p => p.numel() * p.ElementSize), 32 * sizeof(float) * activation.numel(), BatchMemory.UsualRows));
        }

        public Worker At(ActivationPlace place)
        {
            _tap = new(model.Network, place);
            return this;
        }

        public PictureFeatures Compute(FeaturePicture picture, int rows, CancellationToken cancellation)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var (clean, condition) = (model.Clean(picture), model.Condition(picture));
            var activations = new float[options.Replicates * _timesteps.Length][];
            var errors = Enumerable.Range(0, options.Replicates).Select(_ => new double[_timesteps.Length]).ToArray();
            foreach (var plan in BatchPlan.Cut(_timesteps.Length, options.Replicates, rows))
            {
                cancellation.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                var batch = _batches.Create(picture.Name, clean, condition, plan);
                var prediction = model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
                var squares = (prediction - batch.Target).square().flatten(1).mean([1]).cpu().data<float>().ToArray();
                var values = _tap!.Take(batch.Rows).to_type(float32).flatten(1).contiguous().cpu();
                if (!values.isfinite().all().item<bool>())
                    throw new AuditException($"The activations of '{picture.Name}' in '{_tap.Place.Module}' are not finite; check the model's weights.");
                foreach (var (b, activation) in Projected([.. Enumerable.Range(0, batch.Rows).Select(b => values[b].data<float>().ToArray())]).Index())
                {
                    var (r, t) = plan.Pass(b);
                    (errors[r][t], activations[r * _timesteps.Length + t]) = (squares[b], activation);
                }
            }

            return new()
            {
                Rows = new Dictionary<FeatureKind, float[][]> { [Kind] = activations },
                SquaredErrors = errors,
                GradientNorms = new Dictionary<string, double[][]>(),
            };
        }

        public void Dispose()
        {
            _tap?.Dispose();
            model.Dispose();
        }

        private float[][] Projected(float[][] activations)
        {
            _projection ??= options.Projection.Create(options.Seed, activations[0].Length);
            return activations[0].Length <= _projection.Dimension ? activations : _projection.Project(activations);
        }
    }
}
