using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>The section of SDXL's original YAML that states the noise schedule and what the U-Net predicts.</summary>
internal sealed class DenoiserSettings(JsonConfig denoiser)
{
    private const string Target = "target";

    private readonly JsonConfig _parameters = denoiser.Section("params");

    internal OriginalScheduler Scheduler()
    {
        if (ClassOf(denoiser) is not (null or "DiscreteDenoiser") and var unsupported)
            throw denoiser.Refuse(
                "denoiser_config.target",
                unsupported,
                "which is not supported; supported is DiscreteDenoiser"
            );
        var timesteps = _parameters.Int("num_idx", 1000, 1, 1_000_000);
        return Discretization(timesteps) with { Timesteps = timesteps, Prediction = Prediction() };
    }

    private OriginalScheduler Discretization(int timesteps)
    {
        const string Supported = "LegacyDDPMDiscretization";
        var published = new OriginalScheduler();
        if (_parameters.OptionalSection("discretization_config") is not { } discretization)
            return published;
        if (ClassOf(discretization) is not (null or Supported) and var unsupported)
            throw _parameters.Refuse(
                "discretization_config.target",
                unsupported,
                $"which is not supported; supported is {Supported}"
            );
        if (discretization.OptionalSection("params") is not { } betas)
            return Checked(published.Timesteps);
        return Checked(betas.Int("num_timesteps", published.Timesteps, 1, 1_000_000)) with
        {
            Start = betas.Double("linear_start", published.Start, 0, 1),
            End = betas.Double("linear_end", published.End, 0, 1),
        };

        OriginalScheduler Checked(int count) =>
            count == timesteps
                ? published
                : throw _parameters.Refuse(
                    "num_idx",
                    timesteps,
                    $"where the {count} of discretization_config's num_timesteps are expected"
                );
    }

    private string Prediction()
    {
        var scaling = ClassOf(_parameters.Section("scaling_config"));
        return scaling switch
        {
            "EpsScaling" => PredictionMarkers.Epsilon,
            "VScaling" => PredictionMarkers.Velocity,
            _ => throw _parameters.Refuse(
                "scaling_config.target",
                scaling,
                "which is not supported; supported are EpsScaling and VScaling"
            ),
        };
    }

    private static string? ClassOf(JsonConfig section) => section.String(Target, null)?.Split('.')[^1];
}
