using DasAudit.Core.Attribution.Sets;

namespace DasAudit.Core.Reports;

/// <summary>The few pictures that matter most when taken together; see <see cref="MostInfluentialSubset"/>.</summary>
/// <param name="Search"><c>refit</c>: next is the picture whose loss adds most once the linearised model has been
/// fitted again without those taken, and influences are exact for that model; <c>adaptive</c>: the one that adds most
/// to the scores of those taken; <c>greedy</c>, for scores that add up: by falling score.</param>
/// <param name="Order">Their paths within the dataset; they end early where no other picture adds anything.</param>
/// <param name="Influence">Influence of the first 1, 2, … of them together, in the units of a score.</param>
public sealed record SubsetInfo(string Search, IReadOnlyList<string> Order, IReadOnlyList<double> Influence);
