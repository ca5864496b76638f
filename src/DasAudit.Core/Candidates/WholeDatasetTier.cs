namespace DasAudit.Core.Candidates;

/// <summary>Every picture.</summary>
internal sealed class WholeDatasetTier : ICandidateTier
{
    public string Name => "all";

    public IEnumerable<int> Select(CandidateQuery query) => query.Items.Select(i => i.Index);
}
