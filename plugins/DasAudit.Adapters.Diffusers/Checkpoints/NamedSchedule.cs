using System.Globalization;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// Schedules that go by a name, of 1000 timesteps, as the scheduler_config.json that states them.
/// </summary>
/// <param name="Betas">As beta_schedule has it.</param>
/// <param name="Start">β of the first timestep.</param>
/// <param name="End">β of the last timestep.</param>
/// <param name="ClipSample">Whether samples are pictures, which are clipped while sampling.</param>
internal sealed record NamedSchedule(string Betas, double Start, double End, bool ClipSample)
{
    private const string Default = "ddpm-linear";

    private static readonly Dictionary<string, NamedSchedule> All = new(StringComparer.Ordinal)
    {
        [Default] = new("linear", 0.0001, 0.02, ClipSample: true),
        ["ddpm-scaled-linear"] = new("scaled_linear", 0.0001, 0.02, ClipSample: true),
        ["ddpm-cosine"] = new("squaredcos_cap_v2", 0.0001, 0.02, ClipSample: true),
        ["sd-scaled-linear"] = new("scaled_linear", 0.00085, 0.012, ClipSample: false),
    };

    private static readonly string[] Predictions = ["epsilon", "v_prediction", "sample"];

    /// <summary>All names, for messages.</summary>
    internal static string Names => string.Join(", ", All.Keys);

    /// <summary>DDPMScheduler's defaults.</summary>
    internal static JsonConfig DdpmDefaults => All[Default].Json("epsilon");

    /// <summary>The schedule that a name or NAME:PREDICTION means; null if it is no such name.</summary>
    /// <exception cref="AuditException">It predicts what no network predicts.</exception>
    internal static JsonConfig? Find(string text)
    {
        var (name, prediction) = Split(text);
        if (!All.TryGetValue(name, out var schedule))
            return null;
        return Predictions.Contains(prediction)
            ? schedule.Json(prediction)
            : throw new AuditException(
                $"{ModelLoadOptions.ScheduleName} {text} says that the network predicts '{prediction}'; say one of "
                    + $"{string.Join(", ", Predictions)}."
            );
    }

    private static (string Name, string Prediction) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, Predictions[0]) : (text[..colon], text[(colon + 1)..]);
    }

    private JsonConfig Json(string prediction) =>
        JsonConfig.Parse(
            "scheduler_config.json",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {
                  "_class_name": "DDPMScheduler",
                  "beta_end": {{End}},
                  "beta_schedule": "{{Betas}}",
                  "beta_start": {{Start}},
                  "clip_sample": {{(ClipSample ? "true" : "false")}},
                  "clip_sample_range": 1.0,
                  "num_train_timesteps": 1000,
                  "prediction_type": "{{prediction}}",
                  "steps_offset": 0,
                  "thresholding": false,
                  "timestep_spacing": "leading",
                  "trained_betas": null,
                  "variance_type": "fixed_small"
                }

                """
            )
        );
}
