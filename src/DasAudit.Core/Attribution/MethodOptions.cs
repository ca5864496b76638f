using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution;

/// <summary>Settings of attribution methods.</summary>
public sealed record MethodOptions
{
    /// <summary>How λ is chosen; null: the method's default (df:0.1, or df:0.3 for raw loss gradients).</summary>
    public IDampingRule? Damping { get; init; }

    /// <summary>
    /// The residual factor of the DAS family. Default none: pictures that a model knows best have the smallest
    /// residuals, so it hides those that a generated picture nearly copies (measured in docs/methods.md).
    /// </summary>
    public ResidualKind Residual { get; init; } = ResidualKind.None;

    /// <summary>Whether to gather <see cref="MethodScores.Curve"/>, which costs little. Default false.</summary>
    public bool WithCurve { get; init; }

    /// <summary>Whether to gather <see cref="MethodScores.Refits"/>, n² numbers a kernel. Default false.</summary>
    public bool WithRefits { get; init; }

    /// <summary>Seed of methods that draw at random.</summary>
    public long Seed { get; init; }
}
