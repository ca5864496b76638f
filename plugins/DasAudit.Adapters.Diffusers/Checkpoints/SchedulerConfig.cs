namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>What scheduler_config.json says: forward process, what the network predicts, how to sample.</summary>
/// <param name="Description">The schedule, for a person.</param>
/// <param name="Notes">Sentences on settings that were ignored.</param>
internal sealed record SchedulerConfig(
    NoiseSchedule Schedule,
    string Description,
    PredictionType PredictionType,
    SamplingSettings Sampling,
    IReadOnlyList<string> Notes
)
{
    internal DiscreteDiffusion Process => new(Schedule, PredictionType);

    /// <summary>Reads scheduler_config.json, with the defaults that its class has in diffusers.</summary>
    internal static SchedulerConfig Read(JsonConfig json)
    {
        var schedulerClass = SchedulerClass.Of(json);
        RefuseOtherProcesses(json);
        var betas = BetaSettings.Read(json, schedulerClass);
        var config = new SchedulerConfig(
            betas.Schedule(),
            betas.Describe(),
            PredictionTypeOf(json),
            SamplingConfig.Read(json, schedulerClass),
            []
        );
        json.Ignore(schedulerClass.SamplingKeys);
        json.Ignore("tensor_format", "timestep_values"); // what old versions wrote
        return config with { Notes = [.. json.IgnoredKeys()] };
    }

    private static void RefuseOtherProcesses(JsonConfig json)
    {
        if (!json.Bool("predict_epsilon", true))
            throw json.Refuse(
                "predict_epsilon",
                false,
                "a setting of old versions; say prediction_type \"sample\" instead"
            );
        if (json.Bool("use_flow_sigmas", false))
            throw json.Refuse("use_flow_sigmas", true, "which makes it flow matching, and that is not supported");
        json.OneOf("timestep_type", "discrete", "discrete");
    }

    private static PredictionType PredictionTypeOf(JsonConfig json) =>
        json.OneOf("prediction_type", "epsilon", "epsilon", "v_prediction", "sample") switch
        {
            "epsilon" => PredictionType.Epsilon,
            "v_prediction" => PredictionType.Velocity,
            _ => PredictionType.Sample,
        };
}
