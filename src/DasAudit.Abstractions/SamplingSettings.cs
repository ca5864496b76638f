namespace DasAudit.Abstractions;

/// <summary>How a checkpoint's scheduler samples; names and defaults are those of diffusers.</summary>
public sealed record SamplingSettings
{
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
