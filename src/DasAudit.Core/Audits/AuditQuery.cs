using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;

namespace DasAudit.Core.Audits;

/// <summary>An audited picture with the pictures that it is held against.</summary>
/// <param name="Selection">The pictures that are scored for it: training pictures, then decoys.</param>
internal sealed record AuditQuery(
    QueryPicture Picture,
    KeyedPicture Input,
    CandidateSelection Selection,
    int MemberCount,
    BackgroundSample Background
)
{
    public IReadOnlyList<TrainingItem> Scored { get; } = [.. Selection.Candidates.Select(candidate => candidate.Item)];

    /// <summary>The candidates that are training pictures.</summary>
    public IReadOnlyList<Candidate> Candidates { get; } = [.. Selection.Candidates.Take(MemberCount)];
}
