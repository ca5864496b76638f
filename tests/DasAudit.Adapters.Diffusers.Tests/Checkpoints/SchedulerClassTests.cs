using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

/// <summary>
/// Scheduler classes other than DDPM's and DDIM's. What stands for absent settings was read off the constructors of
/// diffusers at commit 58eb52c.
/// </summary>
public class SchedulerClassTests
{
    [Theory]
    [InlineData("DDPMParallelScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DDIMParallelScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DDIMInverseScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("PNDMScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DEISMultistepScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DPMSolverMultistepScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DPMSolverMultistepInverseScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DPMSolverSinglestepScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("DPMSolverSDEScheduler", "linear from 0.00085 to 0.012")]
    [InlineData("EulerDiscreteScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("EulerAncestralDiscreteScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("HeunDiscreteScheduler", "linear from 0.00085 to 0.012")]
    [InlineData("KDPM2DiscreteScheduler", "linear from 0.00085 to 0.012")]
    [InlineData("KDPM2AncestralDiscreteScheduler", "linear from 0.00085 to 0.012")]
    [InlineData("LMSDiscreteScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("LCMScheduler", "scaled_linear from 0.00085 to 0.012")]
    [InlineData("TCDScheduler", "scaled_linear from 0.00085 to 0.012")]
    [InlineData("SASolverScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("UniPCMultistepScheduler", "linear from 0.0001 to 0.02")]
    [InlineData("UnCLIPScheduler", "squaredcos_cap_v2")]
    [InlineData("RePaintScheduler", "linear from 0.0001 to 0.02")]
    public void A_class_with_betas_has_its_own_defaults(string name, string betas)
    {
        var config = Read($$"""{ "_class_name": "{{name}}" }""");

        Assert.Equal($"{betas}, 1000 timesteps", config.Description);
        Assert.Equal(PredictionType.Epsilon, config.PredictionType);
        Assert.Empty(config.Notes);
    }

    [Theory]
    [InlineData("PNDMScheduler", """ "skip_prk_steps": false, "set_alpha_to_one": false """)]
    [InlineData(
        "DPMSolverMultistepScheduler",
        """
            "algorithm_type": "dpmsolver++", "lambda_min_clipped": -Infinity, "solver_order": 2,
            "euler_at_final": false, "solver_type": "midpoint", "use_karras_sigmas": true,
            "variance_type": null, "thresholding": false
            """
    )]
    [InlineData("EulerDiscreteScheduler", """ "interpolation_type": "linear", "sigma_max": null """)]
    [InlineData("UniPCMultistepScheduler", """ "disable_corrector": [], "solver_type": "bh2", "predict_x0": true """)]
    [InlineData("LCMScheduler", """ "original_inference_steps": 50, "timestep_scaling": 10.0 """)]
    public void The_same_betas_under_another_class_are_the_same_process(string name, string sampling)
    {
        var config = Read(
            $$"""
            { "_class_name": "{{name}}", "beta_schedule": "squaredcos_cap_v2", "prediction_type": "sample",
              "num_train_timesteps": 1000, "trained_betas": null, {{sampling}} }
            """
        );

        Assert.True(NoiseSchedule.SquaredCosine(1000).Betas.SequenceEqual(config.Schedule.Betas));
        Assert.Equal(PredictionType.Sample, config.PredictionType);
        Assert.Empty(config.Notes);
    }

    [Theory]
    [InlineData("FlowMatchEulerDiscreteScheduler", "flow matching")]
    [InlineData("FlowMatchHeunDiscreteScheduler", "flow matching")]
    [InlineData("EDMEulerScheduler", "σ")]
    [InlineData("EDMDPMSolverMultistepScheduler", "σ")]
    [InlineData("KarrasVeScheduler", "σ")]
    [InlineData("CosineDPMSolverMultistepScheduler", "σ")]
    [InlineData("ScoreSdeVeScheduler", "continuous time")]
    [InlineData("IPNDMScheduler", "betas of its own")]
    [InlineData("VQDiffusionScheduler", "discrete tokens")]
    [InlineData("AmusedScheduler", "discrete tokens")]
    [InlineData("CMStochasticIterativeScheduler", "consistency models")]
    [InlineData("SCMScheduler", "trigonometric")]
    [InlineData("CogVideoXDDIMScheduler", "shifted")]
    public void A_class_with_another_process_is_refused_by_name_and_reason(string name, string reason)
    {
        var message = Refusal($$"""{ "_class_name": "{{name}}" }""");

        Assert.Contains(
            $"_class_name to \"{name}\", whose forward process is another",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_not_known_is_refused_with_the_option_that_helps() =>
        Assert.Contains(
            "\"MyScheduler\", which is no scheduler of diffusers with betas; say with {schedule}",
            Refusal("""{ "_class_name": "MyScheduler" }"""),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("UniPCMultistepScheduler", "use_flow_sigmas", "true")]
    [InlineData("EulerDiscreteScheduler", "timestep_type", "\"continuous\"")]
    [InlineData("HeunDiscreteScheduler", "beta_schedule", "\"exp\"")]
    [InlineData("DPMSolverMultistepScheduler", "variance_type", "\"learned_range\"")]
    [InlineData("PNDMScheduler", "beta_end", "Infinity")]
    public void A_setting_that_changes_the_process_is_refused(string name, string key, string value) =>
        Assert.Contains(
            $"sets {key} to ",
            Refusal($$"""{ "_class_name": "{{name}}", "{{key}}": {{value}} }"""),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("DDPMScheduler", "interpolation_type", "\"linear\"")]
    [InlineData("DDIMScheduler", "skip_prk_steps", "true")]
    [InlineData("PNDMScheduler", "rescale_betas_zero_snr", "true")]
    [InlineData("DDPMScheduler", "brand_new", "{\"a\":NaN}")]
    public void A_setting_that_the_class_does_not_know_is_ignored_and_named(string name, string key, string value)
    {
        var config = Read($$"""{ "_class_name": "{{name}}", "{{key}}": {{value}} }""");

        Assert.Equal("linear from 0.0001 to 0.02, 1000 timesteps", config.Description);
        Assert.StartsWith(
            $"scheduler_config.json sets {key} to ",
            Assert.Single(config.Notes),
            StringComparison.Ordinal
        );
        Assert.Contains($"which {name} does not know", config.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_terminal_SNR_is_followed_by_the_classes_that_know_it()
    {
        var euler = Read("""{ "_class_name": "EulerDiscreteScheduler", "rescale_betas_zero_snr": true }""");

        Assert.Equal(0, euler.Schedule.AlphasCumprod[^1]);
        Assert.EndsWith("rescaled to zero terminal SNR", euler.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholding_leaves_the_process_and_is_told_where_pictures_are_generated()
    {
        var config = Read("""{ "_class_name": "DDPMScheduler", "thresholding": true }""");

        Assert.Empty(config.Notes);
        Assert.Contains("asks for thresholding", config.Sampling.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PNDMScheduler", false, false, TimestepSpacing.Leading)]
    [InlineData("DPMSolverMultistepScheduler", false, true, TimestepSpacing.Linspace)]
    [InlineData("HeunDiscreteScheduler", false, true, TimestepSpacing.Linspace)]
    [InlineData("DDIMParallelScheduler", true, true, TimestepSpacing.Leading)]
    public void Sampling_has_the_classes_defaults(string name, bool clip, bool alphaToOne, TimestepSpacing spacing)
    {
        var sampling = Read($$"""{ "_class_name": "{{name}}" }""").Sampling;

        Assert.Equal(
            new SamplingSettings
            {
                ClipSample = clip,
                SetAlphaToOne = alphaToOne,
                TimestepSpacing = spacing,
            },
            sampling with
            {
                Sampler = SamplerKind.Ddim,
                Note = null,
            }
        );
    }

    [Theory]
    [InlineData("DDPMScheduler", SamplerKind.Ddim, false)]
    [InlineData("DDIMScheduler", SamplerKind.Ddim, false)]
    [InlineData("EulerDiscreteScheduler", SamplerKind.Euler, false)]
    [InlineData("DPMSolverMultistepScheduler", SamplerKind.DpmSolverPlusPlus, false)]
    [InlineData("PNDMScheduler", SamplerKind.Ddim, true)]
    [InlineData("EulerAncestralDiscreteScheduler", SamplerKind.Ddim, true)]
    public void The_class_decides_the_sampler_and_one_that_is_not_there_is_told(
        string name,
        SamplerKind sampler,
        bool isTold
    )
    {
        var sampling = Read($$"""{ "_class_name": "{{name}}" }""").Sampling;

        Assert.Equal(sampler, sampling.Sampler);
        Assert.Equal(isTold, sampling.Note?.Contains($"names {name}", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("DPMSolverMultistepScheduler", """ "use_karras_sigmas": true """, true, false, null)]
    [InlineData("DPMSolverMultistepScheduler", """ "final_sigmas_type": "sigma_min" """, false, true, null)]
    [InlineData(
        "DPMSolverMultistepScheduler",
        """ "solver_order": 3, "lower_order_final": true """,
        false,
        false,
        "solver_order"
    )]
    [InlineData(
        "DPMSolverMultistepScheduler",
        """ "algorithm_type": "sde-dpmsolver++" """,
        false,
        false,
        "algorithm_type"
    )]
    [InlineData("DPMSolverMultistepScheduler", """ "lambda_min_clipped": -5.1 """, false, false, "lambda_min_clipped")]
    [InlineData("DPMSolverMultistepScheduler", """ "lambda_min_clipped": -Infinity """, false, false, null)]
    [InlineData("EulerDiscreteScheduler", """ "use_karras_sigmas": true, "sigma_min": null """, true, false, null)]
    [InlineData(
        "EulerDiscreteScheduler",
        """ "interpolation_type": "log_linear" """,
        false,
        false,
        "interpolation_type"
    )]
    public void Settings_of_samplers_are_followed_or_told(
        string name,
        string setting,
        bool karras,
        bool endsAtSmallest,
        string? told
    )
    {
        var sampling = Read($$"""{ "_class_name": "{{name}}", {{setting}} }""").Sampling;

        Assert.Equal((karras, endsAtSmallest), (sampling.KarrasSigmas, sampling.EndsAtSmallestSigma));
        if (told is null)
            Assert.Null(sampling.Note);
        else
            Assert.Contains($"asks for {told}, which was not done", sampling.Note, StringComparison.Ordinal);
    }

    private static SchedulerConfig Read(string json) =>
        SchedulerConfig.Read(JsonConfig.Parse("scheduler_config.json", json));

    private static string Refusal(string json) => Assert.Throws<AuditException>(() => Read(json)).Message;
}
