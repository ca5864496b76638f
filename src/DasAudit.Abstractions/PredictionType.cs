namespace DasAudit.Abstractions;

/// <summary>What a diffusion network predicts.</summary>
public enum PredictionType
{
    /// <summary>The noise ε.</summary>
    Epsilon,

    /// <summary>The velocity v = √ᾱ_t·ε − √(1−ᾱ_t)·x₀ (Salimans and Ho, 2022, appendix D).</summary>
    Velocity,

    /// <summary>The clean sample x₀.</summary>
    Sample,
}
