using DasAudit.Core.Datasets;

namespace DasAudit.Core.Candidates;

/// <summary>Which training pictures become candidates.</summary>
public sealed record CandidateOptions
{
    /// <summary>How many the semantic tier brings in, at least 1; default 1000; null for every picture.</summary>
    public int? Limit { get; init; } = 1000;

    /// <summary>Most bits of 63 by which the perceptual hash of a near-duplicate differs; default 8.</summary>
    public int NearDuplicateDistance { get; init; } = DuplicateClusters.UsualDistance;

    /// <summary>Rights holders whose pictures are always candidates, compared without case; default none.</summary>
    public IReadOnlyList<string> IncludedOwners { get; init; } = [];

    /// <summary>Size of the random control group; default 20.</summary>
    public int ControlSize { get; init; } = 20;

    /// <summary>Seed of the control group; default 0.</summary>
    public long Seed { get; init; }
}
