namespace DasAudit.Core.Reports;

/// <summary>How much the scores depend on the place in a band of dampings, over which they were averaged.</summary>
/// <param name="LeastRankCorrelation">Spearman's correlation, −1 to 1, over all candidates of the average with the
/// damping that agrees least: near 1, the choice does not matter. Null where the scores have no order.</param>
/// <param name="Items">The listed pictures, in the order of the list.</param>
public sealed record DampingBandInfo(double? LeastRankCorrelation, IReadOnlyList<DampingBandItem> Items);

/// <summary>A listed picture over the band.</summary>
/// <param name="Item">Path within the dataset.</param>
/// <param name="Mean">Average of its scores, each damping's brought to one scale.</param>
/// <param name="Spread">Standard deviation of its scores over the band, in Mean's units.</param>
public sealed record DampingBandItem(string Item, double Mean, double Spread);
