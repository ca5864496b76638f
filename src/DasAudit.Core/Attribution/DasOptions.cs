namespace DasAudit.Core.Attribution;

/// <summary>Settings of the Diffusion Attribution Score.</summary>
public sealed record DasOptions
{
    /// <summary>How λ is chosen. Default <c>df:0.1</c>.</summary>
    public DampingRule Damping { get; init; } = new();

    /// <summary>The residual factor. Default RMS.</summary>
    public ResidualKind Residual { get; init; } = ResidualKind.Rms;
}
