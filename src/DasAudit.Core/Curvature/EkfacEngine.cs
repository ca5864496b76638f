using System.Diagnostics;
using System.Runtime.InteropServices;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Curvature;

/// <summary>
/// Influence functions with the Gauss–Newton matrix H of the noise loss, block by block over linear and convolution
/// layers, by K-FAC and by EK-FAC (Grosse et al., 2023; for diffusion models Mlodozeniec et al., ICLR 2025): s(z, i) =
/// ∇ℓ(z)ᵀ·(H + γI)⁻¹·∇ℓ(x_i), γ a part of the layer's mean eigenvalue. Three rounds over the training pictures:
/// factors, eigenvalues, gradients. Parameters of other layers have no part.
/// </summary>
/// <param name="pool">Copies of the model; stays the caller's.</param>
/// <param name="options">Timesteps, noise draws, seed, parameters, memory; the rest is not used.</param>
/// <param name="damping">γ as a part of the mean eigenvalue, positive. Default 0.1.</param>
internal sealed class EkfacEngine(ModelPool pool, GradientOptions options, int threads, double damping = 0.1)
{
    private static readonly FeatureKind Loss = new("loss", Unit: false);

    /// <summary>See <see cref="ModelDevice.TakesManyPictures"/>.</summary>
    internal bool? TakesManyPictures { get; init; }

    /// <summary>
    /// Bytes of queries' gradients to hold at once, at least those of one: rows are gone through once for as many.
    /// </summary>
    internal long QueryMemory { get; init; } = 1L << 30;

    /// <summary>
    /// Scores rows for queries; rows are first the members, which H is fitted on, once for all queries, then the
    /// decoys. A query's scores do not depend on the others.
    /// </summary>
    public EkfacScores Compute(
        IReadOnlyList<ModelPicture> queries,
        IReadOnlyList<ModelPicture> rows,
        int members,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        if (!(damping > 0))
            throw new AuditException(
                $"The damping of K-FAC must be positive and is {damping}; "
                    + "choose a part of the mean eigenvalue such as 0.1."
            );
        using var curvature = Fit([.. rows.Take(members)], progress, cancellation);
        var scores = EkfacScores.Zeros(options.Replicates, queries.Count, rows.Count);
        var together = EkfacCost.Together(QueryMemory, QueryBytes(curvature.Parameters));
        foreach (var some in queries.Index().Chunk(together))
        {
            var engine = Gradients();
            var solved = engine
                .Compute([.. some.Select(query => query.Item)], progress, cancellation)
                .Select(query => query.Rows[Loss].Select(gradient => curvature.Solve(gradient, damping)).ToArray())
                .ToArray();
            engine.Run(rows, (row, features) => Score(some[0].Index, solved, row, features), progress, cancellation);
        }

        return scores;

        void Score(int first, (float[] Kronecker, float[] Corrected)[][] solved, int row, PictureFeatures features)
        {
            for (var r = 0; r < options.Replicates; r++)
            {
                var gradient = features.Rows[Loss][r];
                for (var q = 0; q < solved.Length; q++)
                {
                    scores.Kronecker[r][first + q][row] = Dot(solved[q][r].Kronecker, gradient);
                    scores.Corrected[r][first + q][row] = Dot(solved[q][r].Corrected, gradient);
                }
            }
        }
    }

    /// <summary>Measures what scores will cost, by a few batches of noise a worker in each round.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    public EkfacCost Measure(Condition? condition, CancellationToken cancellation)
    {
        var fit = MeasureFit(condition, cancellation);
        var gradients = Gradients().Measure(condition, cancellation);
        using var curvature = KroneckerCurvature.Unit(fit.Layers);
        float[] gradient = [.. Enumerable.Repeat(1f, fit.Parameters)];
        var factors = fit.Layers.Sum(layer => layer.FactorSize);
        var weights = fit.Layers.Sum(layer => layer.WeightSize);
        return new(
            fit.StartSeconds + 2 * gradients.StartSeconds,
            fit.MemberSeconds,
            Eigenvectors.Seconds(
                fit.Layers.SelectMany(layer => (int[])[layer.Inputs, layer.Outputs]),
                fit.Layers[0].Weight.device
            ),
            gradients.SecondsPerPicture,
            options.Replicates * Time(() => curvature.Solve(gradient, damping)),
            2 * options.Replicates * Time(() => Dot(gradient, gradient))
        )
        {
            Workers = fit.Workers,
            FitBytes = fit.Bytes + sizeof(double) * (factors + weights),
            CurvatureBytes = 12 * factors + 16 * weights,
            GradientBytes = gradients.MemoryBytes,
            QueryBytes = QueryBytes(fit.Parameters),
            QueryMemory = QueryMemory,
        };
    }

    private FitCost MeasureFit(Condition? condition, CancellationToken cancellation)
    {
        using var workers = StartFit(condition);
        var layers = workers.First.Layers;
        KroneckerBasis[] bases = [.. layers.Select(KroneckerBasis.Unit)];
        try
        {
            var seconds = Seconds(() => new FactorSums(layers)) + Seconds(() => new EigenvalueSums(layers, bases));
            return new(
                layers,
                workers.First.Parameters,
                workers.StartSeconds,
                seconds,
                workers.Count,
                workers.MemoryBytes
            );
        }
        finally
        {
            foreach (var basis in bases)
                basis.Dispose();
        }

        double Seconds(Func<KroneckerSums> create)
        {
            using var sums = new ThreadLocal<KroneckerSums>(create, trackAllValues: true);
            try
            {
                return workers.Time(worker => Add(worker, sums.Value!), cancellation);
            }
            finally
            {
                foreach (var unused in sums.Values)
                    unused.Dispose();
            }
        }

        double Add(KroneckerWorker worker, KroneckerSums sums) =>
            TakesMany(workers)
                ? worker.AddFull(condition, sums, workers.Rows)
                : worker.AddBatch(condition, sums, workers.Rows);
    }

    private bool TakesMany(ModelWorkers<KroneckerWorker> workers) =>
        workers.First.Batches.Model.Device().type.TakesManyPictures(TakesManyPictures);

    // Its gradients, and both solutions of each.
    private long QueryBytes(int parameters) => 3L * options.Replicates * sizeof(float) * parameters;

    private static double Time(Action action)
    {
        action();
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private FeatureEngine Gradients() =>
        new(
            pool,
            options with
            {
                Kinds = [Loss],
                Projection = new() { Kind = ProjectionKind.None },
                Metric = null,
                Precision = GradientPrecision.Full,
            },
            threads
        )
        {
            TakesManyPictures = TakesManyPictures,
        };

    private ModelWorkers<KroneckerWorker> StartFit(Condition? condition) =>
        new(pool, () => pool.Lend(copy => new KroneckerWorker(copy, options)), condition, threads, options.Memory);

    private KroneckerCurvature Fit(
        IReadOnlyList<ModelPicture> members,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var workers = StartFit(members[0].Condition);
        var layers = workers.First.Layers;
        using var factors = Sum("fitting curvature", () => new FactorSums(layers));
        KroneckerBasis?[] bases = [.. layers.Select((_, l) => factors.Basis(l))];
        using var squares = Sum("correcting eigenvalues", () => new EigenvalueSums(layers, bases));
        return new(layers, bases, [.. layers.Select((_, l) => squares.Eigenvalues(l))])
        {
            Parameters = workers.First.Parameters,
        };

        TSums Sum<TSums>(string stage, Func<TSums> create)
            where TSums : KroneckerSums
        {
            var (gate, finished) = (new Lock(), 0);
            return TakesMany(workers)
                ? SumTogether(workers, members, create, Finish, progress, cancellation)
                : OrderedSums.Compute(members, create, workers, Add);

            void Add(KroneckerWorker worker, ModelPicture picture, TSums sums)
            {
                worker.Add(picture, sums, workers.Rows, cancellation);
                lock (gate)
                    Finish();
            }

            void Finish()
            {
                finished++;
                progress?.Report(new(stage, Math.Min(finished, members.Count), members.Count));
            }
        }
    }

    // Begins anew with half the rows where the device's memory does not suffice.
    private static TSums SumTogether<TSums>(
        ModelWorkers<KroneckerWorker> workers,
        IReadOnlyList<ModelPicture> members,
        Func<TSums> create,
        Action finished,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
        where TSums : KroneckerSums
    {
        for (var rows = workers.Rows; ; rows /= 2)
        {
            var sums = create();
            try
            {
                workers.First.AddTogether(members, sums, rows, finished, cancellation);
                return sums;
            }
            catch (ExternalException e) when (DeviceMemory.IsExhausted(e) && rows > 1)
            {
                sums.Dispose();
                progress.Notify([PicturePasses.Halved(rows / 2)]);
            }
            catch
            {
                sums.Dispose();
                throw;
            }
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

    /// <summary>What the two rounds that fit H cost, measured.</summary>
    private sealed record FitCost(
        IReadOnlyList<KroneckerLayer> Layers,
        int Parameters,
        double StartSeconds,
        double MemberSeconds,
        int Workers,
        long Bytes
    );
}
