using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>
/// Reads the YAML that the authors of Stable Diffusion wrote for a model, and says it in diffusers' words. Settings
/// that change the networks and are not supported are refused by name; those of training are not looked at.
/// </summary>
internal sealed class OriginalSettings(JsonConfig yaml, OriginalFile file)
{
    private readonly JsonConfig _model = yaml.Section("model").Section("params");

    /// <summary>What it states, in diffusers' words.</summary>
    internal OriginalConfiguration Configuration() =>
        Configuration(Scheduler()) with
        {
            SchedulerFile = yaml.Path,
            Files = [yaml.Path],
        };

    /// <summary>What a known family's settings state, in diffusers' words, with a schedule that they do not.</summary>
    internal OriginalConfiguration Configuration(OriginalScheduler scheduler)
    {
        var (latents, note) = SampleSize(scheduler.Prediction);
        var vae = _model.Section("first_stage_config").Section("params");
        var usesLastLayer = new EmbedderSettings(_model, file).UsesLastLayer();
        return new(
            new OriginalUnetSettings(UnetParameters(), file).Json(latents),
            new OriginalVaeSettings(vae, _model.Double("scale_factor", 1, 1e-6, 1e6)).Json(),
            [.. file.TextEncoders.Select(encoder => TextEncoderSettings.Of(encoder, usesLastLayer, yaml.Path))],
            scheduler.Json(yaml.Path, file.Family)
        )
        {
            Assumptions = note is null ? [] : [note],
        };
    }

    private JsonConfig UnetParameters() =>
        _model.Section(_model.Find("network_config") is null ? "unet_config" : "network_config").Section("params");

    // The code of the original layout predicts ε where nothing is said. Its "linear" is linear in √β.
    private OriginalScheduler Scheduler()
    {
        if (_model.OptionalSection("denoiser_config") is { } denoiser)
            return new DenoiserSettings(denoiser).Scheduler();
        _model.OneOf("beta_schedule", "linear", "linear");
        if (_model.Find("given_betas") is { } betas)
            throw _model.Refuse("given_betas", betas, "which is not supported; supported is null");
        return new()
        {
            Start = _model.Double("linear_start", 1e-4, 0, 1),
            End = _model.Double("linear_end", 2e-2, 0, 1),
            Timesteps = _model.Int("timesteps", 1000, 1, 1_000_000),
            Prediction = _model.OneOf("parameterization", "eps", "eps", "v", "x0") switch
            {
                "v" => PredictionMarkers.Velocity,
                "x0" => "sample",
                _ => PredictionMarkers.Epsilon,
            },
        };
    }

    // Height and width of latents. The published files of two families do not say what was trained with.
    private (int Latents, string? Note) SampleSize(string prediction)
    {
        var assumed = file.Family switch
        {
            OriginalFamily.StableDiffusionXl => 128,
            OriginalFamily.StableDiffusion2 when prediction == PredictionMarkers.Velocity => 96,
            _ => (int?)null,
        };
        return assumed is { } size
            ? (size, $"No file says for which size of pictures the model was trained; {8 * size} pixels were assumed.")
            : (_model.Int("image_size", 64, 1, 65536), null);
    }
}
