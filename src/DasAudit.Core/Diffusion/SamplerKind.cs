namespace DasAudit.Core.Diffusion;

/// <summary>The reverse process.</summary>
public enum SamplerKind
{
    /// <summary>Song et al., 2021.</summary>
    Ddim,

    /// <summary>Ho et al., 2020.</summary>
    Ddpm,
}
