using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;

namespace DasAudit.Core.Audits;

/// <summary>An audited picture with the pictures that it is held against.</summary>
/// <param name="Input">The same as the model takes it.</param>
/// <param name="Selection">The pictures that are scored for it: training pictures, then decoys.</param>
/// <param name="MemberCount">How many of them are training pictures.</param>
/// <param name="Background">Training pictures in the kernel that are not scored.</param>
internal sealed record AuditQuery(
    QueryPicture Picture,
    KeyedPicture Input,
    CandidateSelection Selection,
    int MemberCount,
    BackgroundSample Background
)
{
    /// <summary>The pictures that are scored: training pictures, then decoys.</summary>
    public IReadOnlyList<TrainingItem> Scored { get; } = [.. Selection.Candidates.Select(candidate => candidate.Item)];

    /// <summary>The candidates that are training pictures.</summary>
    public IReadOnlyList<Candidate> Candidates { get; } = [.. Selection.Candidates.Take(MemberCount)];
}
