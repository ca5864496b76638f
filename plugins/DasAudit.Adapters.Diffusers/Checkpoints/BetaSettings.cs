using System.Globalization;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>What a scheduler's configuration makes its betas from.</summary>
internal sealed record BetaSettings(
    string Kind,
    double Start,
    double End,
    int Timesteps,
    float[]? Trained,
    bool ZeroTerminalSnr
)
{
    internal static BetaSettings Read(JsonConfig json, SchedulerClass schedulerClass)
    {
        var timesteps = json.Int("num_train_timesteps", 1000, 1, 1_000_000);
        var trained = json.Floats("trained_betas");
        if (trained is not null && trained.Length != timesteps)
            throw new AuditException(
                $"'{json.Path}' has {trained.Length} values in trained_betas but sets num_train_timesteps to "
                    + $"{timesteps}; make them as many."
            );
        return new(
            json.OneOf("beta_schedule", schedulerClass.BetaSchedule, "linear", "scaled_linear", "squaredcos_cap_v2"),
            json.Double("beta_start", schedulerClass.BetaStart, 0, 1),
            json.Double("beta_end", schedulerClass.BetaEnd, 0, 1),
            timesteps,
            trained,
            schedulerClass.ZeroTerminalSnr && json.Bool("rescale_betas_zero_snr", false)
        );
    }

    internal NoiseSchedule Schedule()
    {
        var schedule = Kind switch
        {
            _ when Trained is not null => new NoiseSchedule(Trained),
            "linear" => NoiseSchedule.Linear(Timesteps, Start, End),
            "scaled_linear" => NoiseSchedule.ScaledLinear(Timesteps, Start, End),
            _ => NoiseSchedule.SquaredCosine(Timesteps),
        };
        return ZeroTerminalSnr ? schedule.WithZeroTerminalSnr() : schedule;
    }

    internal string Describe()
    {
        var betas = Kind switch
        {
            _ when Trained is not null => "trained_betas",
            "squaredcos_cap_v2" => Kind,
            _ => string.Create(CultureInfo.InvariantCulture, $"{Kind} from {Start} to {End}"),
        };
        var rescaled = ZeroTerminalSnr ? ", rescaled to zero terminal SNR" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{betas}, {Timesteps} timesteps{rescaled}");
    }
}
