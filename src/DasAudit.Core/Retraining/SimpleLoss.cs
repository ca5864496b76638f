using DasAudit.Core.Models;

namespace DasAudit.Core.Retraining;

/// <summary>
/// Unweighted training loss of pictures, by forward passes: E_{t,ε} (1/d)·‖prediction − target‖², or over a picture's
/// region; the mean over all passes, with the same noise for all models and pictures.
/// </summary>
internal static class SimpleLoss
{
    /// <summary>In the pictures' order.</summary>
    public static double[] Of(
        PicturePredictions predictions,
        IReadOnlyList<ModelPicture> pictures,
        CancellationToken cancellation
    )
    {
        var passes = predictions.Timesteps * predictions.Replicates;
        var errors = pictures.Select(_ => new double[passes]).ToArray();
        predictions.ForEach(pictures, Add, cancellation);
        return [.. errors.Select(ofPicture => ofPicture.Sum() / passes)];

        void Add(PredictedBatch batch)
        {
            var means = batch.MeanSquares(batch.Prediction - batch.Noisy.Target);
            foreach (var (pass, mean) in batch.Rows.Zip(means))
                errors[pass.Picture][pass.Replicate * predictions.Timesteps + pass.Timestep] = mean;
        }
    }
}
