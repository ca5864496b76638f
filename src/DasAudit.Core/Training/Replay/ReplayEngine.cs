using DasAudit.Core.Datasets;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Training.Replay;

/// <summary>
/// Influences through the end of training: the derivative u_k of a query's loss by the gradient of each step k
/// (<see cref="Adjoint"/>), met with training pictures' gradients at weights on the way, under fresh noise that all
/// pictures share in place of each step's own:
/// <para>s(q, i) = −Σ_k (K/|k|)·(1/n)·Σ_t (0.62/5)·w_t·u_k·∇ℓ_i(θ_k; t, ε_kt),</para>
/// over ten of the K steps and five noise levels each (<see cref="ReplayPasses"/>): by how much the query's loss would
/// rise, in expectation of that noise and to first order, had the picture been left out of these steps.
/// </summary>
/// <param name="model">The finished model; stays the caller's.</param>
/// <param name="options">Timesteps and noise draws of the queries' loss, seed, memory; the rest is not used.</param>
internal sealed class ReplayEngine(AuditedModel model, GradientOptions options, int threads)
{
    // Above this the replayed run is not the one that made the model.
    private const double LargestDifference = 0.01;

    private static readonly FeatureKind Averaged = new("loss", Unit: false);
    private static readonly FeatureKind Apart = new("loss", Unit: false, Apart: true);

    private readonly string _folder = model.Source.TrainedFolder;

    /// <summary>Scores rows, whether the model was trained on them or not, for queries.</summary>
    /// <param name="set">What the model was trained on.</param>
    /// <exception cref="AuditException">The replay does not end at the model, or the set is not its own.</exception>
    public ReplayScores Compute(
        TrainingSet set,
        IReadOnlyList<ModelPicture> queries,
        IReadOnlyList<ModelPicture> rows,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        TorchThreads.Use(1);
        var record = RecordFor(set);
        var training = record.Options;
        using var replay = new TrainingReplay(Load, _folder, set, record, threads);
        var done = 0;
        var difference = Finish(replay, Report, cancellation);
        var adjoints = Start(queries, training, cancellation);
        double[][] scores = [.. queries.Select(_ => new double[rows.Count])];
        using var scorer = new RowScorer(this, replay, training, rows);
        try
        {
            foreach (var step in replay.Backwards(cancellation))
            {
                using var scope = NewDisposeScope();
                var directions = adjoints.ConvertAll(adjoint =>
                    adjoint.Undo(step, weights => replay.GradientAt(step.Number, weights))
                );
                scorer.Add(step, directions, scores, cancellation);
                Report();
            }
        }
        finally
        {
            adjoints.ForEach(adjoint => adjoint.Dispose());
        }

        return new(scores, difference);

        void Report() => progress?.Report(new("replaying training", ++done, 2 * replay.Count));
    }

    /// <summary>Measures what scores will cost, by a few batches of noise a worker.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    public ReplayCost Measure(Condition? condition, CancellationToken cancellation)
    {
        var training = TrainingRecord.Read(_folder).Options;
        var first = KeptState.StepIn(_folder);
        var steps = training.Steps - first;
        var timesteps = ReplayPasses.Timesteps(0, model.Model.Process.TrainTimesteps);
        var cost = Engine(model.Pool, Apart, timesteps, 0).Measure(condition, cancellation);
        return new(
            steps,
            training.BatchSize,
            ReplayPasses.Steps(first, steps).Length,
            cost.StartSeconds,
            cost.SecondsPerPicture / timesteps.Length,
            TrainedParameters.Of(model.Model).Sum(trained => trained.Tensor.numel()),
            cost.MemoryBytes
        );
    }

    private IDiffusionModel Load() => model.Source.Load(model.Device);

    private TrainingRecord RecordFor(TrainingSet set)
    {
        var record = TrainingRecord.Read(_folder);
        if (record.Dataset != TrainedDataset.Of(set, model.Model.TakesCaptions()))
            throw new AuditException(
                $"'{_folder}' was trained on another dataset than '{set.Path}' as it is now, or read it otherwise, so "
                    + "that the end of its training cannot be replayed; give the dataset and the settings of its "
                    + "training, or choose another method, such as pva."
            );
        return record;
    }

    private double Finish(TrainingReplay replay, Action report, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var end = replay.Finish(report, cancellation);
        using var copy = model.Pool.Rent();
        using var noGradient = no_grad();
        var trained = cat([.. TrainedParameters.Of(copy.Model).Select(parameter => parameter.Tensor.flatten())]);
        var difference = ((end - trained).norm() / trained.norm()).item<float>();
        return difference <= LargestDifference
            ? difference
            : throw new AuditException(
                $"Replaying the end of the training of '{_folder}' does not lead to its weights, so that it was not "
                    + $"trained as {TrainingRecord.FileName} says; train it again, or choose another method, such as "
                    + "pva."
            );
    }

    // ∇ℓ_q at the finished weights, the mean over timesteps and noise draws.
    private List<Adjoint> Start(
        IReadOnlyList<ModelPicture> queries,
        TrainingOptions training,
        CancellationToken cancellation
    )
    {
        var timesteps = options.TimestepGrid(model.Model.Process.TrainTimesteps);
        var engine = Engine(model.Pool, Averaged, timesteps, 0, options.Replicates);
        var features = engine.Compute(queries, progress: null, cancellation);
        return
        [
            .. features.Select(feature =>
            {
                using var scope = NewDisposeScope();
                var draws = feature.Rows[Averaged].Select(row => tensor(row, device: model.Device));
                return new Adjoint(stack(draws).mean([0L]), training);
            }),
        ];
    }

    private FeatureEngine Engine(ModelPool pool, FeatureKind kind, int[] timesteps, int firstDraw, int draws = 1) =>
        new(
            pool,
            new()
            {
                Kinds = [kind],
                ChosenTimesteps = timesteps,
                Replicates = draws,
                FirstReplicate = firstDraw,
                Seed = options.Seed,
                Projection = new() { Kind = ProjectionKind.None },
                Memory = options.Memory,
            },
            threads
        );

    /// <summary>Adds what rows score at the steps where they are scored.</summary>
    private sealed class RowScorer(
        ReplayEngine engine,
        TrainingReplay replay,
        TrainingOptions training,
        IReadOnlyList<ModelPicture> rows
    ) : IDisposable
    {
        private readonly int[] _steps = ReplayPasses.Steps(replay.First, replay.Count);
        private readonly List<IDiffusionModel> _copies = [];
        private Tensor? _weights;
        private ModelPool? _pool;

        /// <param name="directions">u_k of each query.</param>
        public void Add(
            ReplayStep step,
            IReadOnlyList<Tensor> directions,
            double[][] scores,
            CancellationToken cancellation
        )
        {
            var index = Array.IndexOf(_steps, step.Number);
            if (index < 0)
                return;
            var process = engine.Process;
            var timesteps = ReplayPasses.Timesteps(index, process.TrainTimesteps);
            var each = (double)replay.Count / _steps.Length / replay.Pictures * ReplayPasses.LookedAt;
            double[] weights = [.. timesteps.Select(t => each / timesteps.Length * training.WeightAt(t, process))];
            float[][] values = [.. directions.Select(u => u.cpu().contiguous().data<float>().ToArray())];
            engine.Engine(Pool(step.Weights), Apart, timesteps, index).Run(rows, Score, progress: null, cancellation);

            void Score(int row, PictureFeatures features)
            {
                var gradients = features.Rows[Apart];
                for (var q = 0; q < values.Length; q++)
                {
                    for (var t = 0; t < gradients.Length; t++)
                        scores[q][row] -= weights[t] * Dot(values[q], gradients[t]);
                }
            }
        }

        public void Dispose() => _pool?.Dispose();

        private ModelPool Pool(Tensor weights)
        {
            _weights = weights;
            foreach (var copy in _copies)
                TrainedParameters.Copy(weights, copy);
            return _pool ??= new(LoadWithWeights);
        }

        // The pool loads copies one after the other.
        private IDiffusionModel LoadWithWeights()
        {
            var copy = engine.Load();
            TrainedParameters.Copy(_weights!, copy);
            _copies.Add(copy);
            return copy;
        }
    }

    private IForwardProcess Process => model.Model.Process;

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
}
