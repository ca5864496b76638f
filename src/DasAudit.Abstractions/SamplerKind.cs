namespace DasAudit.Abstractions;

/// <summary>How the reverse process is stepped.</summary>
public enum SamplerKind
{
    /// <summary>DDIM (Song et al., 2021).</summary>
    Ddim,

    /// <summary>Ancestral sampling (Ho et al., 2020).</summary>
    Ddpm,

    /// <summary>Euler's method over σ = √((1−ᾱ)/ᾱ) (Karras et al., 2022, algorithm 2 without churn).</summary>
    Euler,

    /// <summary>DPM-Solver++ 2M (Lu et al., 2022, algorithm 2).</summary>
    DpmSolverPlusPlus,
}
