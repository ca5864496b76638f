namespace DasAudit.Core.Audits;

/// <summary>An input that is not the one that a report was made from.</summary>
/// <param name="Input">Which one: "the model".</param>
/// <param name="Path">Where it was read, as given.</param>
/// <param name="Expected">Its hash in the report.</param>
/// <param name="Found">Its hash now.</param>
public sealed record InputDifference(string Input, string Path, string Expected, string Found);
