namespace DasAudit.Core.Datasets;

/// <summary>How the hashes of a dataset's pictures were had, where an index is kept.</summary>
/// <param name="FromIndex">Number of files that were not read, because the index knows them unchanged.</param>
/// <param name="FromFiles">Number of files that were read.</param>
/// <param name="Indexed">When the first of those that were not read had been read; null if all were read.</param>
/// <param name="Kept">Number of files that the index knows now.</param>
/// <param name="IndexPath">Where the index is kept.</param>
/// <param name="Problem">Why what was read could not be kept; null if it was.</param>
public sealed record HashOrigin(
    int FromIndex,
    int FromFiles,
    DateTimeOffset? Indexed,
    int Kept,
    string IndexPath,
    string? Problem
);
