using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>What training tools leave in a file about what its U-Net predicts.</summary>
/// <param name="Prediction">As scheduler_config.json says it; null if nothing tells.</param>
/// <param name="Where">What tells it, for a sentence.</param>
/// <param name="ZeroTerminalSnr">Whether the schedule ends in pure noise.</param>
internal sealed record PredictionMarkers(string? Prediction, string Where, bool ZeroTerminalSnr)
{
    internal const string Epsilon = "epsilon";
    internal const string Velocity = "v_prediction";

    /// <summary>The tensor that says the U-Net predicts velocity; its values say nothing.</summary>
    private const string VelocityTensor = "v_pred";

    /// <summary>The tensor that says the schedule ends in pure noise; its values say nothing.</summary>
    private const string ZeroTerminalSnrTensor = "ztsnr";

    /// <summary>Whether a tensor is such a mark, and no part of a network.</summary>
    internal static bool Are(string tensor) => tensor is VelocityTensor or ZeroTerminalSnrTensor;

    /// <summary>What a stated scheduler says otherwise; null if it contradicts nothing.</summary>
    internal string? Contradiction(JsonConfig scheduler, string path)
    {
        var stated = new List<string>();
        var said = new List<string>();
        var prediction = scheduler.String("prediction_type", Epsilon);
        if (Prediction is not null && Prediction != prediction)
        {
            stated.Add($"the prediction type {prediction}");
            said.Add($"{Prediction} by {Where}");
        }
        if (ZeroTerminalSnr && !EndsInNoise(scheduler))
        {
            stated.Add("a noise schedule without zero terminal SNR");
            said.Add($"zero terminal SNR by its tensor {ZeroTerminalSnrTensor}");
        }
        return stated.Count == 0
            ? null
            : $"'{scheduler.Path}' states {string.Join(" and ", stated)}, which was followed, though '{path}' says "
                + $"{string.Join(" and ", said)}.";
    }

    internal static PredictionMarkers Of(OriginalFile file)
    {
        var zeroTerminalSnr = file.Has(ZeroTerminalSnrTensor);
        if (file.Has(VelocityTensor))
            return new(Velocity, $"its tensor {VelocityTensor}", zeroTerminalSnr);
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

    // One that is not supported is refused by whoever follows it.
    private static bool EndsInNoise(JsonConfig scheduler)
    {
        try
        {
            return BetaSettings.Read(scheduler, SchedulerClass.Of(scheduler)).Schedule().AlphasCumprod[^1] == 0;
        }
        catch (AuditException)
        {
            return true;
        }
    }
}
