namespace DasAudit.Core.Candidates;

/// <summary>The same file, or the same pixels in another file.</summary>
internal sealed class ExactTier : ICandidateTier
{
    public string Name => "exact";

    public IEnumerable<int> Select(CandidateQuery query) =>
        query
            .Items.Where(i => i.Sha256 == query.Picture.Sha256 || i.PixelSha256 == query.Picture.PixelSha256)
            .Select(i => i.Index);
}
