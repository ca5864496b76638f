using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Attribution;

/// <summary>What a method says of itself: to those who choose one, and in reports to those who read its scores.</summary>
/// <param name="Id">As <c>--method</c> takes it.</param>
/// <param name="Title">Its name in the field.</param>
/// <param name="Source">Who published it, where.</param>
/// <param name="Cost">What it costs beside das, in a few words.</param>
/// <param name="LargerMeans">What a larger score means, after "a larger score means that".</param>
public sealed record MethodDescription(string Id, string Title, string Source, string Cost, string LargerMeans)
{
    /// <summary>What a score is, in whole sentences for people who are no mathematicians. No two methods have the same.</summary>
    public required string Meaning { get; init; }

    /// <summary>The scale that scores stand on, in a whole sentence. Default: none, so that they can be compared within a report only.</summary>
    public string Scale { get; init; } = "The size has no unit: compare scores within this report only.";

    /// <summary>What scores are evidence of. Default influence.</summary>
    public ScoreKind Kind { get; init; }

    /// <summary>How the method tells pictures that help from those that hinder. Default not at all.</summary>
    public ScoreDirection Direction { get; init; }

    /// <summary>What chance has a part in the scores. Default noise that is drawn for each replicate.</summary>
    public ScoreNoise Noise { get; init; }

    /// <summary>
    /// Whether scores are mean squares of changes of the prediction, so that over a set of pictures changes add up and scores do not: not <see cref="QueryScores.AddsUp"/>. Default false.
    /// </summary>
    public bool ChangesAddUp { get; init; }

    /// <summary>Whether it looks at <see cref="MethodOptions.Residual"/>. Default false.</summary>
    public bool Residuals { get; init; }

    /// <summary>Whether decoys get scores that can be compared with those of training pictures. Default true.</summary>
    public bool ScoresDecoys { get; init; } = true;

    /// <summary>The rule that chooses λ where none is asked for; null for methods without a kernel to damp.</summary>
    public IDampingRule? Damping { get; init; }

    /// <summary>The damping of a method that chooses it itself whatever is asked for, in a few words; null for all others.</summary>
    public string? OwnDamping { get; init; }
}
