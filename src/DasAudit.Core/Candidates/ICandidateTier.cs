using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Candidates;

/// <summary>One reason to look at a training picture.</summary>
internal interface ICandidateTier
{
    /// <summary>Name in reports.</summary>
    string Name { get; }

    /// <summary>Indices of the items it brings in, in any order.</summary>
    IEnumerable<int> Select(CandidateQuery query);
}

/// <summary>What a tier decides by.</summary>
/// <param name="Similarities">Cosine to the query by index; null without an encoder.</param>
/// <param name="Chosen">Indices that the tiers before brought in.</param>
internal sealed record CandidateQuery(
    HashedPicture Picture,
    IReadOnlyList<TrainingItem> Items,
    IReadOnlyList<float>? Similarities,
    IReadOnlySet<int> Chosen
);
