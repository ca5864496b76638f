using DasAudit.Core.Pictures;

namespace DasAudit.Core.Candidates;

/// <summary>Pictures whose perceptual hash is close to the query's or to its mirror image's.</summary>
/// <param name="distance">Most bits that differ.</param>
internal sealed class NearDuplicateTier(int distance) : ICandidateTier
{
    public string Name => "near-duplicate";

    public IEnumerable<int> Select(CandidateQuery query)
    {
        var upright = PerceptualHash.Compute(query.Picture.Picture);
        var mirrored = PerceptualHash.ComputeMirrored(query.Picture.Picture);
        return query
            .Items.Where(i =>
                Math.Min(
                    PerceptualHash.Distance(i.PerceptualHash, upright),
                    PerceptualHash.Distance(i.PerceptualHash, mirrored)
                ) <= distance
            )
            .Select(i => i.Index);
    }
}
