using DasAudit.Core.Features;
using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Scores;

/// <summary>What the scores of a method are, for those who read them.</summary>
/// <param name="Meaning">
/// What a score is, in whole sentences for people who are no mathematicians. No two methods have the same.
/// </param>
/// <param name="LargerMeans">What a larger score means, after "a larger score means that".</param>
public sealed record ScoreDescription(string Meaning, string LargerMeans)
{
    /// <summary>The scale of scores, in a whole sentence. Default: they can be compared within a report only.</summary>
    public string Scale { get; init; } = "The size has no unit: compare scores within this report only.";

    /// <summary>What scores are evidence of. Default influence.</summary>
    public ScoreKind Kind { get; init; }

    /// <summary>How scores tell pictures that help from those that hinder. Default not at all.</summary>
    public ScoreDirection Direction { get; init; }

    /// <summary>What chance has a part in the scores. Default noise that is drawn for each replicate.</summary>
    public ScoreNoise Noise { get; init; }

    /// <summary>
    /// Whether scores are mean squares of changes of the prediction: then changes add up over a set of pictures and
    /// scores do not (not <see cref="QueryScores.AddsUp"/>). Default false.
    /// </summary>
    public bool ChangesAddUp { get; init; }

    /// <summary>Whether scores of decoys can be compared with those of training pictures. Default true.</summary>
    public bool IncludeDecoys { get; init; } = true;
}
