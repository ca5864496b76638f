namespace DasAudit.Core.Attribution;

/// <summary>Settings of the Diffusion Attribution Score.</summary>
public sealed record DasOptions
{
    /// <summary>How λ is chosen. Default <c>df:0.1</c>.</summary>
    public DampingRule Damping { get; init; } = new();

    /// <summary>
    /// The residual factor. Default none: the pictures a model knows best have the smallest residuals, so the factor hides exactly those that a
    /// generated picture nearly copies (measured in docs/method.md).
    /// </summary>
    public ResidualKind Residual { get; init; } = ResidualKind.None;
}
