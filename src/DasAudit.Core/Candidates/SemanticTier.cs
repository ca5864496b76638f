namespace DasAudit.Core.Candidates;

/// <summary>The pictures of highest cosine to the query; of equals, the first in the dataset.</summary>
internal sealed class SemanticTier(int limit) : ICandidateTier
{
    public string Name => "semantic";

    public IEnumerable<int> Select(CandidateQuery query)
    {
        var similarities =
            query.Similarities ?? throw new InvalidOperationException("The semantic tier needs similarities.");
        return Enumerable
            .Range(0, similarities.Count)
            .OrderByDescending(i => similarities[i])
            .ThenBy(i => i)
            .Take(limit);
    }
}
