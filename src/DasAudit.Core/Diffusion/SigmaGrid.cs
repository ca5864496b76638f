namespace DasAudit.Core.Diffusion;

/// <summary>The noise levels σ = √((1−ᾱ)/ᾱ) of samplers that step through them, as diffusers lays them.</summary>
/// <param name="Times">At which the network is asked, one a step, descending; fractions lie between timesteps.</param>
/// <param name="Sigmas">σ at each step, and behind them the one at which the last step ends.</param>
internal sealed record SigmaGrid(IReadOnlyList<double> Times, IReadOnlyList<float> Sigmas)
{
    // What stands for ᾱ = 0, of which σ would be infinite: float16's smallest number, as in diffusers.
    private const float SmallestAlphaBar = 1f / (1 << 24);

    /// <summary>The grid of EulerDiscreteScheduler.</summary>
    /// <exception cref="AuditException">The steps do not fit the timesteps.</exception>
    public static SigmaGrid Euler(NoiseSchedule schedule, SamplingSettings settings, int steps)
    {
        var sigmas = SigmasOf(schedule);
        var whole = InferenceTimesteps.Create(settings, sigmas.Length, steps);
        double[] times =
            settings.TimestepSpacing == TimestepSpacing.Linspace && steps > 1
                ?
                [
                    .. Enumerable
                        .Range(0, steps)
                        .Reverse()
                        .Select(i => (float)(i * ((sigmas.Length - 1.0) / (steps - 1)))),
                ]
                : Array.ConvertAll(whole, timestep => (double)timestep);
        var levels = Array.ConvertAll(times, time => Interpolate(sigmas, time));
        if (settings.KarrasSigmas)
        {
            levels = Karras(levels[0], levels[^1], steps);
            times = Array.ConvertAll(levels, level => (double)(float)TimeOf(sigmas, level));
        }
        return new(times, [.. levels.Select(level => (float)level), LastSigma(sigmas, settings)]);
    }

    /// <summary>The grid of DPMSolverMultistepScheduler, which is of whole timesteps.</summary>
    /// <inheritdoc cref="Euler"/>
    public static SigmaGrid DpmSolver(NoiseSchedule schedule, SamplingSettings settings, int steps)
    {
        var sigmas = SigmasOf(schedule);
        double[] times;
        double[] levels;
        if (settings.KarrasSigmas)
        {
            levels = Karras(sigmas[^1], sigmas[0], steps);
            times = Array.ConvertAll(levels, level => Math.Round(TimeOf(sigmas, level)));
        }
        else
        {
            var timesteps = InferenceTimesteps.CreateWithEnd(settings, sigmas.Length, steps);
            times = Array.ConvertAll(timesteps, timestep => (double)timestep);
            levels = Array.ConvertAll(timesteps, timestep => (double)sigmas[timestep]);
        }
        return new(times, [.. levels.Select(level => (float)level), LastSigma(sigmas, settings)]);
    }

    private static float[] SigmasOf(NoiseSchedule schedule) =>
        [
            .. schedule
                .AlphasCumprod.ToArray()
                .Select(alphaBar => alphaBar > 0 ? alphaBar : SmallestAlphaBar)
                .Select(alphaBar => MathF.Sqrt((1 - alphaBar) / alphaBar)),
        ];

    private static float LastSigma(float[] sigmas, SamplingSettings settings) =>
        settings.EndsAtSmallestSigma ? sigmas[0] : 0;

    private static double Interpolate(float[] sigmas, double time)
    {
        var below = Math.Min((int)time, sigmas.Length - 2);
        return sigmas[below] + (time - below) * ((double)sigmas[below + 1] - sigmas[below]);
    }

    // Karras et al., 2022, equation 5.
    private static double[] Karras(double largest, double smallest, int steps)
    {
        const double Rho = 7;
        var (from, to) = (Math.Pow(largest, 1 / Rho), Math.Pow(smallest, 1 / Rho));
        var ramp = Enumerable.Range(0, steps).Select(i => steps == 1 ? 0 : (double)i / (steps - 1));
        return [.. ramp.Select(part => Math.Pow(from + part * (to - from), Rho))];
    }

    // Where a noise level lies among the timesteps, by log σ.
    private static double TimeOf(float[] sigmas, double sigma)
    {
        var log = Math.Log(sigma);
        var below = Math.Clamp(Array.FindLastIndex(sigmas, level => Math.Log(level) <= log), 0, sigmas.Length - 2);
        var (low, high) = (Math.Log(sigmas[below]), Math.Log(sigmas[below + 1]));
        return below + Math.Clamp((low - log) / (low - high), 0, 1);
    }
}
