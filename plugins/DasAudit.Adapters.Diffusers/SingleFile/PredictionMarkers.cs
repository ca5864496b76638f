namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>What training tools leave in a file about what its U-Net predicts.</summary>
/// <param name="Prediction">As scheduler_config.json says it; null if nothing tells.</param>
/// <param name="Where">What tells it, for a sentence.</param>
/// <param name="ZeroTerminalSnr">Whether the schedule ends in pure noise.</param>
internal sealed record PredictionMarkers(string? Prediction, string Where, bool ZeroTerminalSnr)
{
    internal const string Epsilon = "epsilon";
    internal const string Velocity = "v_prediction";

    internal static PredictionMarkers Of(OriginalFile file)
    {
        var zeroTerminalSnr = file.Has("ztsnr");
        if (file.Has("v_pred"))
            return new(Velocity, "its tensor v_pred", zeroTerminalSnr);
        var metadata = file.File.Metadata;
        foreach (
            var (key, text, prediction) in new[]
            {
                ("modelspec.prediction_type", "v", Velocity),
                ("modelspec.prediction_type", "v_prediction", Velocity),
                ("modelspec.prediction_type", "epsilon", Epsilon),
                ("modelspec.architecture", "stable-diffusion-v2-768-v", Velocity),
                ("modelspec.architecture", "stable-diffusion-v2-512", Epsilon),
            }
        )
        {
            if (metadata.TryGetValue(key, out var value) && value == text)
                return new(prediction, $"its metadata ({key} {value})", zeroTerminalSnr);
        }
        return new(null, "", zeroTerminalSnr);
    }
}
