using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Activations;

/// <summary>
/// Activations of many pictures at the timesteps and noise that gradients would be taken with: forward passes only. On
/// a processor there is one worker a thread with its own copy of the model, and one picture at a time: the number of
/// workers changes nothing. Elsewhere batches hold passes of many pictures.
/// </summary>
/// <param name="pool">Copies of the model; stays the caller's.</param>
/// <param name="options">Timesteps, noise draws, seed, and the projection of longer activations.</param>
/// <param name="place">Where; null for the output of the network's last block (see <see cref="Place"/>).</param>
internal sealed class ActivationEngine(
    ModelPool pool,
    GradientOptions options,
    int threads,
    ActivationPlace? place = null
)
{
    private const string Stage = "computing activations";

    /// <summary>The kind of the rows: row r·K + j for timestep j of noise draw r.</summary>
    public static FeatureKind Kind { get; } = new("activation", Unit: false, Apart: true);

    /// <summary>See <see cref="ModelDevice.TakesManyPictures"/>.</summary>
    internal bool? TakesManyPictures { get; init; }

    /// <summary>
    /// Where activations were taken: the place asked for, else the input of the layer with parameters that the network
    /// calls last, or of the normalisation called right before it. Known once <see cref="Compute"/> returned.
    /// </summary>
    public ActivationPlace? Place { get; private set; } = place;

    /// <summary>What a reader of the activations that <see cref="Compute"/> gave should know of them.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>In the pictures' order: rows of <see cref="Kind"/>, squared errors, no gradient norms.</summary>
    public IReadOnlyList<PictureFeatures> Compute(
        IReadOnlyList<ModelPicture> pictures,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var features = new PictureFeatures[pictures.Count];
        if (pictures.Count == 0)
            return features;
        using var workers = Start(pictures[0].Condition);
        if (TakesMany(workers))
            ComputeTogether(workers, pictures, features, progress, cancellation);
        else
            workers.ForEach(
                Stage,
                pictures,
                (worker, picture) => worker.Compute(picture, workers.Rows, cancellation),
                (index, activations, _) => features[index] = activations,
                progress
            );
        return features;
    }

    /// <summary>Measures what activations will cost, by a few batches of noise on every worker at once.</summary>
    /// <param name="condition">A condition such as the pictures have; null for an unconditional model.</param>
    public FeatureCost Measure(Condition? condition, CancellationToken cancellation)
    {
        using var workers = Start(condition);
        var takesMany = TakesMany(workers);
        var seconds = workers.Time(Compute, cancellation);
        return FeatureCost.Of(workers, seconds, workers.First.FeatureBytes);

        double Compute(ActivationWorker worker) =>
            takesMany ? worker.ComputeFull(condition, workers.Rows) : worker.ComputeBatch(condition, workers.Rows);
    }

    private void ComputeTogether(
        ModelWorkers<ActivationWorker> workers,
        IReadOnlyList<ModelPicture> pictures,
        PictureFeatures[] features,
        IProgress<StageProgress>? progress,
        CancellationToken cancellation
    )
    {
        var finished = 0;
        Notes = workers.First.ComputeTogether(
            pictures,
            workers.Rows,
            (index, activations) =>
            {
                features[index] = activations;
                finished++;
                progress?.Report(new(Stage, finished, pictures.Count));
            },
            cancellation
        );
        progress.Notify(Notes);
    }

    private bool TakesMany(ModelWorkers<ActivationWorker> workers) =>
        workers.First.Batches.Model.Device().type.TakesManyPictures(TakesManyPictures);

    private ModelWorkers<ActivationWorker> Start(Condition? condition)
    {
        var workers = new ModelWorkers<ActivationWorker>(
            pool,
            () => pool.Lend(copy => new ActivationWorker(copy, options, Place)),
            condition,
            threads,
            options.Memory
        );
        Place = workers.First.Place;
        return workers;
    }
}
