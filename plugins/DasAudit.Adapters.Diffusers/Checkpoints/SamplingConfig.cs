using System.Text.Json;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>How a scheduler's configuration says to sample, and which of it pictures made here do not follow.</summary>
internal static class SamplingConfig
{
    // Settings of samplers that are followed only where they are as here.
    private static readonly (string Key, string Value)[] Defaults =
    [
        ("thresholding", "false"),
        ("interpolation_type", "linear"),
        ("use_exponential_sigmas", "false"),
        ("use_beta_sigmas", "false"),
        ("sigma_min", "null"),
        ("sigma_max", "null"),
        ("algorithm_type", "dpmsolver++"),
        ("solver_order", "2"),
        ("solver_type", "midpoint"),
        ("lower_order_final", "true"),
        ("euler_at_final", "false"),
        ("use_lu_lambdas", "false"),
        ("lambda_min_clipped", "-Infinity"),
    ];

    internal static SamplingSettings Read(JsonConfig json, SchedulerClass schedulerClass)
    {
        const string Small = "fixed_small";
        var variance = json.OneOf("variance_type", Small, Small, "fixed_small_log", "fixed_large");
        return new()
        {
            Sampler = schedulerClass.Sampler ?? SamplerKind.Ddim,
            ClipSample = json.Bool("clip_sample", schedulerClass.ClipSample),
            ClipSampleRange = (float)json.Double("clip_sample_range", 1, 0, 1e6),
            StepsOffset = json.Int("steps_offset", 0, 0, 1_000_000),
            SetAlphaToOne = json.Bool("set_alpha_to_one", schedulerClass.SetAlphaToOne),
            TimestepSpacing = json.OneOf(
                "timestep_spacing",
                schedulerClass.Spacing,
                "leading",
                "trailing",
                "linspace"
            ) switch
            {
                "leading" => TimestepSpacing.Leading,
                "trailing" => TimestepSpacing.Trailing,
                _ => TimestepSpacing.Linspace,
            },
            VarianceType = variance == "fixed_large" ? VarianceType.FixedLarge : VarianceType.FixedSmall,
            KarrasSigmas =
                schedulerClass.SamplingKeys.Contains("use_karras_sigmas") && json.Bool("use_karras_sigmas", false),
            EndsAtSmallestSigma =
                schedulerClass.SamplingKeys.Contains("final_sigmas_type")
                && json.OneOf("final_sigmas_type", "zero", "zero", "sigma_min") == "sigma_min",
            Note = Note(json, schedulerClass),
        };
    }

    private static string? Note(JsonConfig json, SchedulerClass schedulerClass)
    {
        if (schedulerClass.Sampler is null)
            return $"{json.FileName} names {json.ClassName}, which is not among the samplers here: ddim stands in for "
                + "it, unless {sampler} says otherwise, and pictures differ from those of the model's own scheduler.";
        var ignored = Defaults
            .Where(setting => schedulerClass.SamplingKeys.Contains(setting.Key))
            .Where(setting => json.Find(setting.Key) is { } value && !IsDefault(value, setting.Value))
            .Select(setting => setting.Key)
            .ToList();
        return ignored.Count == 0
            ? null
            : $"{json.FileName} asks for {string.Join(" and ", ignored)}, which was not done: pictures differ from "
                + "those of the model's own scheduler.";
    }

    private static bool IsDefault(JsonElement value, string fallback) =>
        (value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()) == fallback;
}
