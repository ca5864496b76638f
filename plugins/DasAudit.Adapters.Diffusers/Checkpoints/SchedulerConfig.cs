namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>What scheduler_config.json says: forward process, what the network predicts, how to sample.</summary>
internal sealed record SchedulerConfig(NoiseSchedule Schedule, PredictionType PredictionType, SamplingSettings Sampling)
{
    /// <summary>DDPMScheduler's defaults, for a checkpoint without a scheduler.</summary>
    internal const string DefaultText = """
        {
          "_class_name": "DDPMScheduler",
          "beta_end": 0.02,
          "beta_schedule": "linear",
          "beta_start": 0.0001,
          "clip_sample": true,
          "clip_sample_range": 1.0,
          "num_train_timesteps": 1000,
          "prediction_type": "epsilon",
          "steps_offset": 0,
          "thresholding": false,
          "timestep_spacing": "leading",
          "trained_betas": null,
          "variance_type": "fixed_small"
        }

        """;

    /// <summary>Reads scheduler_config.json, with the defaults of diffusers' DDPMScheduler and DDIMScheduler.</summary>
    internal static SchedulerConfig Read(JsonConfig json)
    {
        if (json.ClassName is not ("DDPMScheduler" or "DDIMScheduler"))
            throw json.Refuse(
                "_class_name",
                json.ClassName,
                "which is not supported; supported are DDPMScheduler and DDIMScheduler"
            );
        if (json.Bool("thresholding", false))
            throw json.Refuse("thresholding", true, "which is not supported; supported is false");
        if (!json.Bool("predict_epsilon", true))
            throw json.Refuse(
                "predict_epsilon",
                false,
                "a setting of old versions; say prediction_type \"sample\" instead"
            );
        var config = new SchedulerConfig(ScheduleOf(json), PredictionTypeOf(json), SamplingOf(json));
        // The first two matter to thresholding alone; the others are left over from other schedulers and versions.
        json.Ignore("dynamic_thresholding_ratio", "sample_max_value");
        json.Ignore("skip_prk_steps", "tensor_format", "timestep_values");
        json.RefuseTheRest();
        return config;
    }

    private static NoiseSchedule ScheduleOf(JsonConfig json)
    {
        var timesteps = json.Int("num_train_timesteps", 1000, 1, 1_000_000);
        var start = json.Double("beta_start", 1e-4, 0, 1);
        var end = json.Double("beta_end", 0.02, 0, 1);
        var kind = json.OneOf("beta_schedule", "linear", "linear", "scaled_linear", "squaredcos_cap_v2");
        var trained = json.Floats("trained_betas");
        if (trained is not null && trained.Length != timesteps)
            throw new AuditException(
                $"'{json.Path}' has {trained.Length} values in trained_betas but sets num_train_timesteps to "
                    + $"{timesteps}; make them as many."
            );
        var schedule = kind switch
        {
            _ when trained is not null => new NoiseSchedule(trained),
            "linear" => NoiseSchedule.Linear(timesteps, start, end),
            "scaled_linear" => NoiseSchedule.ScaledLinear(timesteps, start, end),
            _ => NoiseSchedule.SquaredCosine(timesteps),
        };
        return json.Bool("rescale_betas_zero_snr", false) ? schedule.WithZeroTerminalSnr() : schedule;
    }

    private static PredictionType PredictionTypeOf(JsonConfig json) =>
        json.OneOf("prediction_type", "epsilon", "epsilon", "v_prediction", "sample") switch
        {
            "epsilon" => PredictionType.Epsilon,
            "v_prediction" => PredictionType.Velocity,
            _ => PredictionType.Sample,
        };

    private static SamplingSettings SamplingOf(JsonConfig json) =>
        new()
        {
            ClipSample = json.Bool("clip_sample", true),
            ClipSampleRange = (float)json.Double("clip_sample_range", 1, 0, 1e6),
            StepsOffset = json.Int("steps_offset", 0, 0, 1_000_000),
            SetAlphaToOne = json.Bool("set_alpha_to_one", true),
            TimestepSpacing = json.OneOf("timestep_spacing", "leading", "leading", "trailing", "linspace") switch
            {
                "leading" => TimestepSpacing.Leading,
                "trailing" => TimestepSpacing.Trailing,
                _ => TimestepSpacing.Linspace,
            },
            VarianceType =
                json.OneOf("variance_type", "fixed_small", "fixed_small", "fixed_large") == "fixed_large"
                    ? VarianceType.FixedLarge
                    : VarianceType.FixedSmall,
        };
}
