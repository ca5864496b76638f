namespace DasAudit.Core.Attribution.Scores;

/// <summary>What the scores of a method are, for those who read them.</summary>
/// <param name="Meaning">What a score is, in sentences for people who are no mathematicians.</param>
/// <param name="LargerMeans">What a larger score means, after "a larger score means that".</param>
/// <param name="Kind">What scores are evidence of. Default influence.</param>
/// <param name="Direction">How scores tell pictures that help from those that hinder. Default not at all.</param>
/// <param name="Noise">What chance has a part in the scores. Default noise that is drawn for each replicate.</param>
/// <param name="Scale">The scale of scores, in a sentence. Default: they can be compared within a report only.</param>
/// <param name="ChangesAddUp">Whether scores are mean squares of changes of the prediction: changes add up over a set
/// of pictures, scores do not (not <see cref="QueryScores.AddsUp"/>). Default false.</param>
/// <param name="IncludeDecoys">Whether decoys' scores compare with those of training pictures. Default true.</param>
public sealed record ScoreDescription(
    string Meaning,
    string LargerMeans,
    ScoreKind Kind = ScoreKind.Influence,
    ScoreDirection Direction = ScoreDirection.None,
    ScoreNoise Noise = ScoreNoise.Drawn,
    string Scale = "The size has no unit: compare scores within this report only.",
    bool ChangesAddUp = false,
    bool IncludeDecoys = true
);
