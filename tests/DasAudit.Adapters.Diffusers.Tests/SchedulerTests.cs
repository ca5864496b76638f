using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>scheduler_config.json to noise schedule and sampling settings.</summary>
public class SchedulerTests
{
    [Fact]
    public void Defaults_are_the_reference_librarys()
    {
        var config = Read("""{ "_class_name": "DDIMScheduler" }""");

        Assert.Equal(new SamplingSettings(), config.Sampling);
        Assert.Equal(PredictionType.Epsilon, config.PredictionType);
        Assert.True(NoiseSchedule.Linear(1000, 1e-4, 0.02).Betas.SequenceEqual(config.Schedule.Betas));
    }

    [Fact]
    public void Every_setting_is_mapped()
    {
        var config = Read(
            """
            { "_class_name": "DDPMScheduler", "num_train_timesteps": 50, "beta_schedule": "scaled_linear",
              "beta_start": 0.001, "beta_end": 0.01,
              "clip_sample": false, "clip_sample_range": 2.5, "prediction_type": "v_prediction", "steps_offset": 1,
              "set_alpha_to_one": false,
              "timestep_spacing": "trailing", "variance_type": "fixed_large" }
            """
        );

        Assert.Equal(
            new SamplingSettings
            {
                ClipSample = false,
                ClipSampleRange = 2.5f,
                StepsOffset = 1,
                SetAlphaToOne = false,
                TimestepSpacing = TimestepSpacing.Trailing,
                VarianceType = VarianceType.FixedLarge,
            },
            config.Sampling
        );
        Assert.Equal(PredictionType.Velocity, config.PredictionType);
        Assert.True(NoiseSchedule.ScaledLinear(50, 0.001, 0.01).Betas.SequenceEqual(config.Schedule.Betas));
    }

    [Fact]
    public void Cosine_trained_and_rescaled_schedules_are_built()
    {
        var cosine = Read(
            """
            { "_class_name": "DDPMScheduler", "beta_schedule": "squaredcos_cap_v2", "prediction_type": "sample" }
            """
        );
        Assert.True(NoiseSchedule.SquaredCosine(1000).Betas.SequenceEqual(cosine.Schedule.Betas));
        Assert.Equal(
            [0.1f, 0.2f],
            Read("""{ "_class_name": "DDPMScheduler", "num_train_timesteps": 2, "trained_betas": [0.1, 0.2] }""")
                .Schedule.Betas.ToArray()
        );
        var rescaled = Read(
            """{ "_class_name": "DDIMScheduler", "rescale_betas_zero_snr": true, "timestep_spacing": "linspace" }"""
        );
        Assert.Equal(0, rescaled.Schedule.AlphasCumprod[^1]);
        Assert.Equal(TimestepSpacing.Linspace, rescaled.Sampling.TimestepSpacing);
    }

    private static SchedulerConfig Read(string json) =>
        SchedulerConfig.Read(JsonConfig.Parse("scheduler_config.json", json));
}
