using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution;

/// <summary>What a method says of itself, to those who choose one and to those who read its scores.</summary>
/// <param name="Id">As the setting <c>method</c> takes it.</param>
/// <param name="Title">Its name in the field.</param>
/// <param name="Source">Who published it, where.</param>
/// <param name="Cost">What it costs beside das, in a few words.</param>
public sealed record MethodDescription(string Id, string Title, string Source, string Cost)
{
    /// <summary>What its scores are.</summary>
    public required ScoreDescription Scores { get; init; }

    /// <summary>Whether it looks at <see cref="MethodOptions.Residual"/>. Default false.</summary>
    public bool Residuals { get; init; }

    /// <summary>The rule that chooses λ unless another is asked for; null for methods that damp no kernel.</summary>
    public IDampingRule? Damping { get; init; }

    /// <summary>The damping of a method that always chooses it itself, in a few words; else null.</summary>
    public string? OwnDamping { get; init; }
}
