namespace DasAudit.Core.Candidates;

/// <summary>How many candidates a tier brought in.</summary>
public sealed record TierCount(string Name, int Count);
