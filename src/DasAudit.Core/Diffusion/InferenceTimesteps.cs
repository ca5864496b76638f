namespace DasAudit.Core.Diffusion;

/// <summary>The timesteps that a sampler visits, descending; as diffusers' <c>set_timesteps</c> lays them.</summary>
internal static class InferenceTimesteps
{
    public static int[] Create(SamplingSettings settings, int trainTimesteps, int steps)
    {
        if (steps < 1 || steps > trainTimesteps)
            throw new AuditException(
                $"{steps} sampling steps do not fit the model's {trainTimesteps} timesteps; "
                    + $"choose 1 to {trainTimesteps}."
            );
        var grid = Enumerable.Range(0, steps);
        int[] descending = settings.TimestepSpacing switch
        {
            TimestepSpacing.Leading =>
            [
                .. grid.Select(i => i * (trainTimesteps / steps) + settings.StepsOffset).Reverse(),
            ],
            TimestepSpacing.Trailing =>
            [
                .. grid.Select(i => (int)Math.Round(trainTimesteps - i * ((double)trainTimesteps / steps)) - 1),
            ],
            _ =>
            [
                .. grid.Select(i => steps == 1 ? 0 : (int)Math.Round((trainTimesteps - 1.0) * i / (steps - 1)))
                    .Reverse(),
            ],
        };
        if (descending[0] >= trainTimesteps)
            throw new AuditException(
                $"steps_offset {settings.StepsOffset} leads past the last timestep with {steps} steps; "
                    + "choose fewer steps."
            );
        return descending;
    }
}
