namespace DasAudit.Abstractions;

/// <summary>How a checkpoint's scheduler samples; names and defaults are those of diffusers.</summary>
public sealed record SamplingSettings
{
    /// <summary>The sampler, where nothing else is asked for. Default DDIM.</summary>
    public SamplerKind Sampler { get; init; } = SamplerKind.Ddim;

    /// <summary>
    /// By how much pictures are led to their condition, where nothing else is asked for: 1, the default, is not at all.
    /// It needs a model with <see cref="IConditioned.Unconditional"/>.
    /// </summary>
    public double Guidance { get; init; } = 1;

    /// <summary>Clamp the predicted clean sample to ±<see cref="ClipSampleRange"/>. Default true.</summary>
    public bool ClipSample { get; init; } = true;

    /// <summary>Default 1.</summary>
    public float ClipSampleRange { get; init; } = 1f;

    /// <summary>How inference timesteps are laid over the training timesteps. Default leading.</summary>
    public TimestepSpacing TimestepSpacing { get; init; } = TimestepSpacing.Leading;

    /// <summary>Added to leading timesteps. Default 0.</summary>
    public int StepsOffset { get; init; }

    /// <summary>DDIM: whether ᾱ before the last step is 1 (true) or ᾱ₀ (false). Default true.</summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>DDPM: the variance of a reverse step. Default fixed small.</summary>
    public VarianceType VarianceType { get; init; } = VarianceType.FixedSmall;

    /// <summary>
    /// Euler, DPM-Solver++: whether noise levels are laid as by Karras et al., 2022, equation 5. Default false.
    /// </summary>
    public bool KarrasSigmas { get; init; }

    /// <summary>
    /// Euler, DPM-Solver++: whether the last step ends at the first training timestep's σ (true) or at 0 (false, the
    /// default).
    /// </summary>
    public bool EndsAtSmallestSigma { get; init; }

    /// <summary>
    /// Plain sentences on what the scheduler does besides and these settings do not say; told where pictures are
    /// generated. Default: null, nothing.
    /// </summary>
    public string? Note { get; init; }
}

/// <summary>How inference timesteps are laid over the training timesteps.</summary>
public enum TimestepSpacing
{
    /// <summary>Multiples of T/steps, from 0, plus the offset.</summary>
    Leading,

    /// <summary>T − 1 downwards in steps of T/steps.</summary>
    Trailing,

    /// <summary>Evenly from 0 to T − 1.</summary>
    Linspace,
}

/// <summary>The variance of a DDPM reverse step.</summary>
public enum VarianceType
{
    /// <summary>β̃_t = (1−ᾱ_{t−1})/(1−ᾱ_t)·β_t.</summary>
    FixedSmall,

    /// <summary>β_t.</summary>
    FixedLarge,
}
