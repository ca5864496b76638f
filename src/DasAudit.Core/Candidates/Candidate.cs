using DasAudit.Core.Datasets;

namespace DasAudit.Core.Candidates;

/// <summary>A training picture worth scoring.</summary>
/// <param name="Item">The picture.</param>
/// <param name="Tiers">Names of the tiers that brought it in, in the order of the tiers.</param>
/// <param name="Similarity">Cosine of its embedding and the query's, −1 … 1; null without an encoder.</param>
public sealed record Candidate(TrainingItem Item, IReadOnlyList<string> Tiers, double? Similarity);

/// <summary>The candidates of one query.</summary>
/// <param name="Candidates">In the dataset's order.</param>
/// <param name="Tiers">How many each tier brought in; a picture can stand in several.</param>
internal sealed record CandidateSelection(IReadOnlyList<Candidate> Candidates, IReadOnlyList<TierCount> Tiers)
{
    /// <summary>Cosine of each candidate's embedding and the query's; null without an encoder.</summary>
    public float[]? Similarities { get; } =
        Candidates.All(candidate => candidate.Similarity is not null)
            ? [.. Candidates.Select(candidate => (float)candidate.Similarity!.Value)]
            : null;
}
