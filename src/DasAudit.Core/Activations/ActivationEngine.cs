using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Activations;

/// <summary>
/// Activations of many pictures at the timesteps and under the noise that gradients would be taken with: forward passes only. One worker a
/// thread, each with its own copy of the model, one picture at a time, so the result does not depend on the number of workers.
/// </summary>
/// <param name="load">Loads an independent copy of the model.</param>
/// <param name="options">Timesteps, noise draws, seed, and the projection of activations that are longer than its dimension.</param>
/// <param name="workers">Number of worker threads, at least 1; a model on another device than the processor has one whatever this says.</param>
/// <param name="place">Where; null for the output of the network's last block (<see cref="Place"/> says which module that is).</param>
public sealed class ActivationEngine(
    Func<IDiffusionModel> load,
    GradientOptions options,
    int workers,
    ActivationPlace? place = null
)
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
    public IReadOnlyList<PictureFeatures> Compute(
        IReadOnlyList<FeaturePicture> pictures,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var features = new PictureFeatures[pictures.Count];
        if (pictures.Count == 0)
            return features;
        var (gate, count) = (new Lock(), 0);
        RunWorkers(
            pictures[0].Condition,
            _ => pictures.Count,
            (worker, index, rows) =>
            {
                features[index] = worker.Compute(pictures[index], rows, cancellation);
                lock (gate)
                    progress?.Report(new("computing activations", ++count, pictures.Count));
            }
        );
        return features;
    }

    /// <summary>Measures what activations will cost, by three batches of noise a worker after as many that do not count.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">The place is none, an activation is not finite, or the memory does not suffice.</exception>
    public FeatureCost Measure(Condition? condition, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        var (start, copies) = (Stopwatch.StartNew(), 0);
        var cost = RunWorkers(
            condition,
            workers => 6 * (copies = workers),
            (worker, index, rows) =>
            {
                cancellation.ThrowIfCancellationRequested();
                if (index == 0)
                    start.Stop();
                var watch = Stopwatch.StartNew();
                var part = worker.ComputeBatch(condition, rows);
                lock (seconds)
                {
                    if (index >= 3 * copies)
                        seconds.Add(watch.Elapsed.TotalSeconds / part);
                }
            }
        );
        return cost with
        {
            SecondsPerPicture = seconds.Order().ElementAt(seconds.Count / 2) / copies,
            StartSeconds = start.Elapsed.TotalSeconds,
        };
    }

    private FeatureCost RunWorkers(Condition? condition, Func<int, int> jobs, Action<Worker, int, int> run)
    {
        Worker? first = new(load(), options);
        try
        {
            TorchThreads.Use(1);
            var (found, memory) = first.Prepare(condition, Place);
            Place = found;
            var (rows, copies) = memory.Fit(first.Device, workers, options.Memory);
            var cost = new FeatureCost(
                0,
                0,
                copies * (memory.Fixed + first.LargestBatch(rows) * memory.PerRow),
                first.FeatureBytes,
                copies,
                rows
            );
            Workers.Run(
                () => Interlocked.Exchange(ref first, null) ?? new Worker(load(), options).At(found),
                copies,
                jobs(copies),
                (worker, index) => run(worker, index, rows)
            );
            return cost;
        }
        finally
        {
            first?.Dispose();
        }
    }

    private sealed class Worker(IDiffusionModel model, GradientOptions options) : IDisposable
    {
        private readonly int[] _timesteps = options.TimestepGrid(model.Schedule.TrainTimesteps);
        private readonly NoisyBatches _batches = new(
            model,
            options.TimestepGrid(model.Schedule.TrainTimesteps),
            new(options.Seed)
        );
        private ActivationTap? _tap;
        private IProjection? _projection;
        private int _length;

        public DeviceType Device => model.Network.parameters().First().device_type;

        public long FeatureBytes =>
            (long)options.Replicates
            * _timesteps.Length
            * Math.Min(_length, options.Projection.Create(options.Seed, _length).Dimension)
            * sizeof(float);

        public int LargestBatch(int rows) =>
            BatchPlan.Cut(_timesteps.Length, options.Replicates, rows).Max(plan => plan.Replicates * plan.Timesteps);

        /// <summary>Finds the place on pure noise, and says what memory a batch takes.</summary>
        public (ActivationPlace Place, BatchMemory Memory) Prepare(Condition? wanted, ActivationPlace? place)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var (shape, parameters) = (model.SampleShape, model.Network.parameters().ToList());
            var condition = model.Condition(new("noise", () => [], wanted));
            var noise = _batches
                .Noise(zeros([1, shape.Channels, shape.Height, shape.Width], device: parameters[0].device), condition)
                .Row(0);
            place ??= ActivationTap.Find(
                model.Network,
                () => model.Predict(noise.Noisy, noise.Timesteps, noise.Condition).Dispose()
            );
            At(place);
            model.Predict(noise.Noisy, noise.Timesteps, noise.Condition).Dispose();
            using var activation = _tap!.Take(1);
            _length = (int)activation.numel();
            // A network's other intermediate values are of the size of its last, level by level smaller, and there are tens of them.
            return (
                place,
                new(
                    parameters.Sum(p => p.numel() * p.ElementSize),
                    32 * sizeof(float) * activation.numel(),
                    BatchMemory.UsualRows
                )
            );
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
                var (squares, values) = Compute(picture.Name, clean, condition, plan);
                foreach (var (b, activation) in values.Index())
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

        /// <summary>Computes the first batch of noise in place of a picture.</summary>
        /// <returns>The part of a picture's passes that it is.</returns>
        public double ComputeBatch(Condition? wanted, int rows)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var shape = model.SampleShape;
            var clean = zeros(
                [1, shape.Channels, shape.Height, shape.Width],
                device: model.Network.parameters().First().device
            );
            var plan = BatchPlan.Cut(_timesteps.Length, options.Replicates, rows).First();
            Compute("noise", clean, model.Condition(new("noise", () => [], wanted)), plan);
            return (double)(plan.Replicates * plan.Timesteps) / (options.Replicates * _timesteps.Length);
        }

        public void Dispose()
        {
            _tap?.Dispose();
            model.Dispose();
        }

        private (float[] SquaredErrors, float[][] Activations) Compute(
            string name,
            Tensor clean,
            Tensor? condition,
            BatchPlan plan
        )
        {
            using var scope = NewDisposeScope();
            var batch = _batches.Create(name, clean, condition, plan);
            var prediction = model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
            var squares = (prediction - batch.Target).square().flatten(1).mean([1]).cpu().data<float>().ToArray();
            var values = _tap!.Take(batch.Rows).to_type(float32).flatten(1).contiguous().cpu();
            return values.isfinite().all().item<bool>()
                ? (
                    squares,
                    Projected([.. Enumerable.Range(0, batch.Rows).Select(b => values[b].data<float>().ToArray())])
                )
                : throw new AuditException(
                    $"The activations of '{name}' in '{_tap.Place.Module}' are not finite; check the model's weights."
                );
        }

        private float[][] Projected(float[][] activations)
        {
            _projection ??= options.Projection.Create(options.Seed, activations[0].Length);
            return activations[0].Length <= _projection.Dimension ? activations : _projection.Project(activations);
        }
    }
}
