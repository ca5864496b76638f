using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Retraining;

/// <summary>What a model predicts of noised pictures.</summary>
/// <param name="Prediction">float32 [B, C, H, W], in the space of the batch's target.</param>
/// <param name="Rows">Which pass of which picture each row is; length B.</param>
internal sealed record PredictedBatch(NoisyBatch Noisy, Tensor Prediction, IReadOnlyList<PicturePass> Rows)
{
    /// <summary>The mean of squares of each row, over its region where it has one.</summary>
    /// <param name="differences">[B, C, H, W].</param>
    public double[] MeanSquares(Tensor differences) =>
        [.. Noisy.Mean(differences.square()).to_type(float64).cpu().contiguous().data<double>()];
}

/// <summary>One pass over one of some pictures.</summary>
/// <param name="Picture">Its position among them.</param>
/// <param name="Replicate">Position of the noise draw.</param>
/// <param name="Timestep">Position of the timestep.</param>
internal readonly record struct PicturePass(int Picture, int Replicate, int Timestep);
