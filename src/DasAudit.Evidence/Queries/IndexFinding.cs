namespace DasAudit.Evidence.Queries;

/// <summary>How an index differs from the records that it is of.</summary>
/// <param name="Record">Number of the first record that it does not hold as it should.</param>
/// <param name="IsMissing">Whether it ends there, or has a frame that is damaged; else it says something else.</param>
internal sealed record IndexFinding(long Record, bool IsMissing);
