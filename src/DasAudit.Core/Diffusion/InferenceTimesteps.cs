namespace DasAudit.Core.Diffusion;

/// <summary>The timesteps that a sampler visits, descending; as diffusers' <c>set_timesteps</c> lays them.</summary>
internal static class InferenceTimesteps
{
    public static int[] Create(SamplingSettings settings, int trainTimesteps, int steps)
    {
        if (steps < 1 || steps > trainTimesteps)
            throw DoNotFit(steps, trainTimesteps, trainTimesteps);
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
        return Checked(descending, settings, trainTimesteps);
    }

    /// <summary>
    /// The same where the end counts among the timesteps that are laid, as DPMSolverMultistepScheduler has it.
    /// </summary>
    public static int[] CreateWithEnd(SamplingSettings settings, int trainTimesteps, int steps)
    {
        if (settings.TimestepSpacing == TimestepSpacing.Trailing)
            return Create(settings, trainTimesteps, steps);
        if (steps >= trainTimesteps)
            throw DoNotFit(steps, trainTimesteps, trainTimesteps - 1);
        var grid = Enumerable.Range(1, steps).Reverse();
        int[] descending =
            settings.TimestepSpacing == TimestepSpacing.Leading
                ? [.. grid.Select(i => i * (trainTimesteps / (steps + 1)) + settings.StepsOffset)]
                : [.. grid.Select(i => (int)Math.Round(i * ((trainTimesteps - 1.0) / steps)))];
        return Checked(descending, settings, trainTimesteps);
    }

    private static int[] Checked(int[] descending, SamplingSettings settings, int trainTimesteps) =>
        descending[0] < trainTimesteps
            ? descending
            : throw new AuditException(
                $"steps_offset {settings.StepsOffset} leads past the last timestep with {descending.Length} steps; "
                    + "choose fewer steps."
            );

    private static AuditException DoNotFit(int steps, int trainTimesteps, int most) =>
        new($"{steps} sampling steps do not fit the model's {trainTimesteps} timesteps; choose 1 to {most}.");
}
