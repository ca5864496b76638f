using DasAudit.Core.Datasets.Indexes;

namespace DasAudit.Core.Datasets;

/// <summary>What hashing the pictures of a folder came to.</summary>
/// <param name="Outcomes">One a path, in their order.</param>
/// <param name="Origin">How they were had; null where no index is kept.</param>
/// <param name="Notes">Sentences on the index.</param>
internal sealed record HashedFiles(
    IReadOnlyList<PictureOutcome> Outcomes,
    HashOrigin? Origin,
    IReadOnlyList<string> Notes
);
