using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Curvature;

/// <summary>
/// Influence functions with the Gauss–Newton matrix H of the noise loss, block by block over linear and convolution layers, by K-FAC and by
/// EK-FAC (Grosse et al., 2023; for diffusion models Mlodozeniec et al., ICLR 2025): s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), γ a part of the
/// layer's mean eigenvalue. Three rounds over the training pictures: factors, eigenvalues, gradients. Parameters of other layers have no part.
/// </summary>
/// <param name="load">Loads an independent copy of the model.</param>
/// <param name="options">Timesteps, noise draws, seed, parameters and memory; kinds, projection and metric are not used.</param>
/// <param name="workers">Number of worker threads, at least 1; a model on another device than the processor has one whatever this says.</param>
/// <param name="damping">γ as a part of the mean eigenvalue, positive. Default 0.1.</param>
public sealed class EkfacEngine(Func<IDiffusionModel> load, GradientOptions options, int workers, double damping = 0.1)
{
    private static readonly FeatureKind Loss = new("loss", Unit: false);

    /// <summary>Scores rows for queries.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="rows">Members first, which H is fitted on, then decoys.</param>
    /// <param name="members">Number of members, at least 1.</param>
    /// <param name="progress">Told of each finished picture; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">
    /// A picture cannot be read, a layer cannot be followed, a gradient is not finite or zero, the damping is not positive, or the memory does not suffice.
    /// </exception>
    public EkfacScores Compute(
        IReadOnlyList<FeaturePicture> queries,
        IReadOnlyList<FeaturePicture> rows,
        int members,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        if (!(damping > 0))
            throw new AuditException(
                $"The damping of K-FAC must be positive and is {damping}; choose a part of the mean eigenvalue such as 0.1."
            );
        TorchThreads.Use(1);
        var curvature = Fit([.. rows.Take(members)], progress, cancellation);
        try
        {
            var engine = Gradients();
            var own = engine.Compute(queries, progress, cancellation);
            var solved = own.Select(features =>
                    features.Rows[Loss].Select(gradient => curvature.Solve(gradient, damping)).ToArray()
                )
                .ToArray();
            double[][][] Table() =>
                [
                    .. Enumerable
                        .Range(0, options.Replicates)
                        .Select(_ => queries.Select(_ => new double[rows.Count]).ToArray()),
                ];
            var scores = new EkfacScores(Table(), Table());
            engine.Run(
                rows,
                (i, features) =>
                {
                    for (var r = 0; r < options.Replicates; r++)
                    {
                        for (var q = 0; q < queries.Count; q++)
                        {
                            scores.Kronecker[r][q][i] = Dot(solved[q][r].Kronecker, features.Rows[Loss][r]);
                            scores.Corrected[r][q][i] = Dot(solved[q][r].Corrected, features.Rows[Loss][r]);
                        }
                    }
                },
                progress,
                cancellation
            );
            return scores;
        }
        finally
        {
            curvature.Dispose();
        }
    }

    /// <summary>Measures what scores will cost, by a few batches of noise a worker in each round.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">A layer cannot be followed, or the memory does not suffice.</exception>
    public EkfacCost Measure(Condition? condition, CancellationToken cancellation)
    {
        TorchThreads.Use(1);
        var start = Stopwatch.StartNew();
        var first = new KroneckerWorker(load(), options);
        KroneckerBasis[] bases = [];
        try
        {
            var (layers, parameters) = (first.Layers, first.Parameters);
            var needs = first.Prepare(condition);
            var (batch, copies) = needs.Fit(first.Device, workers, options.Memory);
            var loading = start.Elapsed.TotalSeconds;
            bases = [.. layers.Select(KroneckerBasis.Unit)];

            double Seconds(Func<KroneckerSums> create)
            {
                var seconds = new List<double>();
                // The first batches of a worker find no memory to use again and are slow.
                Workers.Run(
                    () => new Trial(Interlocked.Exchange(ref first, null) ?? new(load(), options), create()),
                    copies,
                    6 * copies,
                    (trial, index) =>
                    {
                        cancellation.ThrowIfCancellationRequested();
                        var watch = Stopwatch.StartNew();
                        var part = trial.Worker.AddBatch(condition, trial.Sums, batch);
                        lock (seconds)
                        {
                            if (index >= 3 * copies)
                                seconds.Add(watch.Elapsed.TotalSeconds / part);
                        }
                    }
                );
                return seconds.Order().ElementAt(seconds.Count / 2);
            }

            var fixedBytes = copies * (needs.Fixed + first.LargestBatch(batch) * needs.PerRow);
            var fit = Seconds(() => new FactorSums(layers)) + Seconds(() => new EigenvalueSums(layers, bases));
            var gradients = Gradients().Measure(condition, cancellation);
            using var curvature = new Curvature(
                layers,
                bases,
                [.. bases.Select(basis => basis.Kronecker.clone().DetachFromDisposeScope())]
            );
            bases = [];
            float[] gradient = [.. Enumerable.Repeat(1f, parameters)];
            var squares = layers.Sum(layer => (long)layer.Inputs * layer.Inputs + (long)layer.Outputs * layer.Outputs);
            var products = layers.Sum(layer => (long)layer.Inputs * layer.Outputs);
            return new(
                2 * loading + gradients.StartSeconds * 2,
                fit,
                Eigenvectors.Seconds(layers.SelectMany(layer => (int[])[layer.Inputs, layer.Outputs])),
                gradients.SecondsPerPicture,
                options.Replicates * Time(() => curvature.Solve(gradient, damping)),
                2 * options.Replicates * Time(() => Dot(gradient, gradient))
            )
            {
                Workers = copies,
                FitBytes = fixedBytes + sizeof(double) * (squares + products),
                CurvatureBytes = 12 * squares + 16 * products,
                GradientBytes = gradients.MemoryBytes,
                QueryBytes = 3L * options.Replicates * sizeof(float) * parameters,
            };
        }
        finally
        {
            first?.Dispose();
            foreach (var basis in bases)
                basis.Dispose();
        }
    }

    private static double Time(Action action)
    {
        action();
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private FeatureEngine Gradients() =>
        new(
            load,
            options with
            {
                Kinds = [Loss],
                Projection = new() { Kind = ProjectionKind.None },
                Metric = null,
                Precision = GradientPrecision.Full,
            },
            workers
        );

    private Curvature Fit(
        IReadOnlyList<FeaturePicture> members,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var first = new KroneckerWorker(load(), options);
        try
        {
            var layers = first.Layers;
            var (batch, copies) = first.Prepare(members[0].Condition).Fit(first.Device, workers, options.Memory);

            TSums Sum<TSums>(string stage, Func<TSums> create)
                where TSums : KroneckerSums
            {
                var (gate, count) = (new Lock(), 0);
                return OrderedSums.Compute(
                    members,
                    create,
                    () => Interlocked.Exchange(ref first, null) ?? new(load(), options),
                    copies,
                    (worker, picture, sums) =>
                    {
                        worker.Add(picture, sums, batch, cancellation);
                        lock (gate)
                            progress?.Report(new(stage, ++count, members.Count));
                    }
                );
            }

            using var factors = Sum("fitting curvature", () => new FactorSums(layers));
            KroneckerBasis?[] bases = [.. layers.Select((_, l) => factors.Basis(l))];
            using var squares = Sum("correcting eigenvalues", () => new EigenvalueSums(layers, bases));
            return new(layers, bases, [.. layers.Select((_, l) => squares.Eigenvalues(l))]);
        }
        finally
        {
            first?.Dispose();
        }
    }

    // Products in float32 are summed in double from time to time: float32 sums of millions lose four digits.
    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        const int Block = 1024;
        var sum = 0.0;
        for (var at = 0; at < left.Length; at += Block)
        {
            var length = Math.Min(Block, left.Length - at);
            sum += TensorPrimitives.Dot(left.Slice(at, length), right.Slice(at, length));
        }

        return sum;
    }

    /// <summary>A worker with sums that nobody asks for.</summary>
    private sealed record Trial(KroneckerWorker Worker, KroneckerSums Sums) : IDisposable
    {
        public void Dispose()
        {
            Worker.Dispose();
            Sums.Dispose();
        }
    }

    /// <summary>H of every layer.</summary>
    private sealed class Curvature(IReadOnlyList<KroneckerLayer> layers, KroneckerBasis?[] bases, Tensor[] eigenvalues)
        : IDisposable
    {
        /// <summary>(H + γI)⁻¹ of a gradient of all attributed parameters, by K-FAC and by EK-FAC.</summary>
        public (float[] Kronecker, float[] Corrected) Solve(float[] gradient, double damping)
        {
            var (kronecker, corrected) = (new float[gradient.Length], new float[gradient.Length]);
            foreach (var (l, layer) in layers.Index())
            {
                // No training picture reached the layer.
                if (bases[l] is not { } basis)
                    continue;
                using var scope = NewDisposeScope();
                var slice = layer.Slice(gradient);
                layer.Write(basis.Solve(slice, basis.Kronecker, damping), kronecker);
                layer.Write(basis.Solve(slice, eigenvalues[l], damping), corrected);
            }

            return (kronecker, corrected);
        }

        public void Dispose()
        {
            foreach (var tensor in eigenvalues)
                tensor.Dispose();
            foreach (var basis in bases)
                basis?.Dispose();
        }
    }
}
