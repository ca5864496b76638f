using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Activations;

/// <summary>
/// Activations of many pictures at the timesteps and noise that gradients would be taken with: forward passes only. One
/// worker a thread with its own copy of the model, one picture at a time: the number of workers changes nothing.
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
    /// <summary>The kind of the rows: row r·K + j for timestep j of noise draw r.</summary>
    public static FeatureKind Kind { get; } = new("activation", Unit: false, Apart: true);

    /// <summary>
    /// Where activations were taken: the place asked for, else the input of the layer with parameters that the network
    /// calls last, or of the normalisation called right before it. Known once <see cref="Compute"/> returned.
    /// </summary>
    public ActivationPlace? Place { get; private set; } = place;

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
        workers.ForEach(
            "computing activations",
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
        var seconds = workers.Time(worker => worker.ComputeBatch(condition, workers.Rows), cancellation);
        return FeatureCost.Of(workers, seconds, workers.First.FeatureBytes);
    }

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
