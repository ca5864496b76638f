using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients.Projections;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Curvature;

/// <summary>
/// Influence functions with the Gauss–Newton matrix H of the noise loss, block by block over linear and convolution layers, by K-FAC and by
/// EK-FAC (Grosse et al., 2023; for diffusion models Mlodozeniec et al., ICLR 2025): s(z, i) = ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), γ a part of the
/// layer's mean eigenvalue. Three rounds over the training pictures: factors, eigenvalues, gradients. Parameters of other layers have no part.
/// </summary>
/// <param name="load">Loads an independent copy of the model.</param>
/// <param name="options">Timesteps, noise draws, seed, parameters and memory; kinds, projection and metric are not used.</param>
/// <param name="workers">Number of worker threads, at least 1.</param>
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
        IReadOnlyList<FeaturePicture> queries, IReadOnlyList<FeaturePicture> rows, int members, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        if (!(damping > 0)) throw new AuditException($"The damping of K-FAC must be positive and is {damping}; choose a part of the mean eigenvalue such as 0.1.");
        TorchThreads.Use(1);
        var curvature = Fit([.. rows.Take(members)], progress, cancellation);
        try
        {
            var engine = new FeatureEngine(load, options with { Kinds = [Loss], Projection = new() { Kind = ProjectionKind.None }, Metric = null, Precision = GradientPrecision.Full }, workers);
            var own = engine.Compute(queries, progress, cancellation);
            var solved = own.Select(features => features.Rows[Loss].Select(gradient => curvature.Solve(gradient, damping)).ToArray()).ToArray();
            double[][][] Table() => [.. Enumerable.Range(0, options.Replicates).Select(_ => queries.Select(_ => new double[rows.Count]).ToArray())];
            var scores = new EkfacScores(Table(), Table());
            engine.Run(rows, (i, features) =>
            {
                for (var r = 0; r < options.Replicates; r++)
                {
                    for (var q = 0; q < queries.Count; q++)
                    {
                        scores.Kronecker[r][q][i] = Dot(solved[q][r].Kronecker, features.Rows[Loss][r]);
                        scores.Corrected[r][q][i] = Dot(solved[q][r].Corrected, features.Rows[Loss][r]);
                    }
                }
            }, progress, cancellation);
            return scores;
        }
        finally
        {
            curvature.Dispose();
        }
    }

    private Curvature Fit(IReadOnlyList<FeaturePicture> members, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var first = new KroneckerWorker(load(), options);
        try
        {
            var layers = first.Layers;
            var (batch, copies) = first.Prepare(members[0]).Fit(workers, options.Memory);

            TSums Sum<TSums>(string stage, Func<TSums> create)
                where TSums : KroneckerSums
            {
                var (gate, count) = (new Lock(), 0);
                return OrderedSums.Compute(members, create, () => Interlocked.Exchange(ref first, null) ?? new(load(), options), copies, (worker, picture, sums) =>
                {
                    worker.Add(picture, sums, batch, cancellation);
                    lock (gate) progress?.Report(new(stage, ++count, members.Count));
                });
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

    /// <summary>H of every layer.</summary>
    private sealed class Curvature(IReadOnlyList<KroneckerLayer> layers, KroneckerBasis?[] bases, Tensor[] eigenvalues) : IDisposable
    {
        /// <summary>(H + γI)⁻¹ of a gradient of all attributed parameters, by K-FAC and by EK-FAC.</summary>
        public (float[] Kronecker, float[] Corrected) Solve(float[] gradient, double damping)
        {
            var (kronecker, corrected) = (new float[gradient.Length], new float[gradient.Length]);
            foreach (var (l, layer) in layers.Index())
            {
                // No training picture reached the layer.
                if (bases[l] is not { } basis) continue;
                using var scope = NewDisposeScope();
                var slice = layer.Slice(gradient);
                layer.Write(basis.Solve(slice, basis.Kronecker, damping), kronecker);
                layer.Write(basis.Solve(slice, eigenvalues[l], damping), corrected);
            }

            return (kronecker, corrected);
        }

        public void Dispose()
        {
            foreach (var tensor in eigenvalues) tensor.Dispose();
            foreach (var basis in bases) basis?.Dispose();
        }
    }
}
