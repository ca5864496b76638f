using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>
/// Unweighted training loss of a picture, by forward passes: E_{t,ε} (1/d)·‖prediction − target‖², or over its region.
/// </summary>
internal static class SimpleLoss
{
    /// <summary>Mean over the timesteps and draws of gradients: the same noise for all models and pictures.</summary>
    /// <param name="rows">Most rows of a batch.</param>
    public static double Of(
        IDiffusionModel model,
        ModelPicture picture,
        GradientOptions options,
        int rows,
        CancellationToken cancellation
    )
    {
        using var noGradient = no_grad();
        var batches = options.Batches(model);
        var sum = 0.0;
        batches.ForEach(picture, rows, Add, cancellation);
        return sum / (batches.Timesteps.Length * batches.Replicates);

        void Add(NoisyBatch batch, BatchPlan plan)
        {
            var prediction = model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
            sum += batch.Mean((prediction - batch.Target).square()).to_type(float64).sum().item<double>();
        }
    }

    public static BatchMemory Memory(IDiffusionModel model)
    {
        var parameters = model.Network.parameters().ToList();
        // Tens of intermediate values, none with more channels than the widest layer or more places than the sample.
        var places = (long)model.SampleShape.Height * model.SampleShape.Width;
        return new(
            model.WeightBytes,
            16 * sizeof(float) * places * parameters.Max(p => p.shape.FirstOrDefault(1)),
            BatchMemory.UsualRows
        );
    }
}
