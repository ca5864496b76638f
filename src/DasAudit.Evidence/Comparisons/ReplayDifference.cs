namespace DasAudit.Evidence.Comparisons;

/// <summary>A figure that running an audit again did not give.</summary>
/// <param name="What"><c>score</c>, <c>word</c>, <c>share</c>, <c>input</c> or <c>setting</c>.</param>
/// <param name="Of">The picture, group or member of the report.</param>
/// <param name="Stored">As the report has it; null where it has none.</param>
/// <param name="Replayed">As it is now; null for none.</param>
/// <param name="By">How far apart, in the unit of the tolerance; null where that cannot be said.</param>
internal sealed record ReplayDifference(string What, string Of, string? Stored, string? Replayed, double? By);
