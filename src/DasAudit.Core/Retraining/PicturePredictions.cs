using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>
/// A model's predictions of noised pictures, without gradients: on a processor batches of one picture each, elsewhere
/// batches of many. A pass that the device had no memory for is taken again, in batches of fewer rows.
/// </summary>
/// <param name="options">Timesteps, noise draws and seed; the rest is not used.</param>
/// <param name="rows">Most rows of a batch.</param>
internal sealed class PicturePredictions(IDiffusionModel model, GradientOptions options, int rows)
{
    private readonly NoisyBatches _batches = options.Batches(model);

    /// <summary>See <see cref="ModelDevice.TakesManyPictures"/>.</summary>
    internal bool? TakesManyPictures { get; init; }

    /// <summary>Told if batches have fewer rows than planned; may be null.</summary>
    public IProgress<StageProgress>? Progress { get; init; }

    /// <summary>K.</summary>
    public int Timesteps => _batches.Timesteps.Length;

    /// <summary>R.</summary>
    public int Replicates => _batches.Replicates;

    private bool TakesMany => model.Device().type.TakesManyPictures(TakesManyPictures);

    /// <summary>How many pictures cost the least each.</summary>
    public int Together => TakesMany ? Math.Max(1, rows / (Timesteps * Replicates)) : 1;

    /// <summary>What memory the passes take.</summary>
    public static BatchMemory Memory(IDiffusionModel model)
    {
        var parameters = model.Network.parameters().ToList();
        // Tens of intermediate values, none with more channels than the widest layer or more places than the sample.
        var places = (long)model.SampleShape.Height * model.SampleShape.Width;
        var perRow = 16 * sizeof(float) * places * parameters.Max(p => p.shape.FirstOrDefault(1));
        return BatchMemory.OnDevice(model.Device(), model.WeightBytes, perRow);
    }

    /// <summary>Makes all passes over pictures.</summary>
    /// <param name="take">Given each batch, in a dispose scope of its own.</param>
    public void ForEach(
        IReadOnlyList<ModelPicture> pictures,
        Action<PredictedBatch> take,
        CancellationToken cancellation
    )
    {
        using var noGradient = no_grad();
        if (TakesMany)
        {
            using var passes = new PicturePasses(_batches, options with { Kinds = [] }, []);
            passes.Run(pictures, rows, batch => take(Predict(batch)), (_, _) => { }, cancellation);
            Progress.Notify(passes.MemoryNote is { } note ? [note] : []);
            return;
        }
        foreach (var (index, picture) in pictures.Index())
            _batches.ForEach(picture, rows, (batch, plan) => take(Predict(index, batch, plan)), cancellation);
    }

    private PredictedBatch Predict(PassBatch batch) =>
        new(
            batch.Noisy.First(batch.Count),
            Predict(batch.Noisy).narrow(0, 0, batch.Count),
            [
                .. batch.Passes.Select(pass => new PicturePass(
                    pass.Draw.Picture.Index,
                    pass.Draw.Replicate,
                    pass.Timestep
                )),
            ]
        );

    private PredictedBatch Predict(int picture, NoisyBatch batch, BatchPlan plan) =>
        new(batch, Predict(batch), [.. Enumerable.Range(0, plan.Rows).Select(row => Pass(picture, plan.Pass(row)))]);

    private Tensor Predict(NoisyBatch batch) => model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);

    private static PicturePass Pass(int picture, (int Replicate, int Timestep) pass) =>
        new(picture, pass.Replicate, pass.Timestep);
}
