using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>The noise schedule of Stable Diffusion, whose √β grow linearly.</summary>
internal sealed record OriginalScheduler
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    internal double Start { get; init; } = 0.00085;

    internal double End { get; init; } = 0.012;

    internal int Timesteps { get; init; } = 1000;

    internal string Prediction { get; init; } = PredictionMarkers.Epsilon;

    internal bool ZeroTerminalSnr { get; init; }

    /// <summary>The betas, for a person.</summary>
    internal string Description =>
        string.Create(CultureInfo.InvariantCulture, $"scaled_linear from {Start} to {End}, {Timesteps} timesteps")
        + (ZeroTerminalSnr ? ", rescaled to zero terminal SNR" : "");

    /// <summary>As scheduler_config.json of a pipeline of the family says it.</summary>
    /// <param name="path">Of what states it, for messages.</param>
    internal JsonConfig Json(string path, OriginalFamily family)
    {
        var isXl = family == OriginalFamily.StableDiffusionXl;
        var json = new JsonObject
        {
            ["_class_name"] = isXl ? "EulerDiscreteScheduler" : "DDIMScheduler",
            ["beta_start"] = Start,
            ["beta_end"] = End,
            ["beta_schedule"] = "scaled_linear",
            ["clip_sample"] = false,
            ["num_train_timesteps"] = Timesteps,
            ["prediction_type"] = Prediction,
            ["rescale_betas_zero_snr"] = ZeroTerminalSnr,
            ["set_alpha_to_one"] = false,
            ["steps_offset"] = 1,
            ["timestep_spacing"] = ZeroTerminalSnr ? "trailing" : "leading",
        };
        return JsonConfig.Parse(path, json.ToJsonString(Indented));
    }
}
