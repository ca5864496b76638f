using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Attribution.Sets;
using DasAudit.Core.Candidates;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Audits;

/// <summary>Compares the scores of one query: of several methods, and of sets of pictures.</summary>
internal sealed class ScoreComparison(AuditPlan plan, IReadOnlyList<Candidate> candidates, MethodPasses? passes)
{
    private readonly MethodSettings _settings = new(plan, retrained: null, passes);

    /// <summary>How far the methods of the audit agree.</summary>
    public ComparisonInfo Between(IReadOnlyList<MethodScores> scores)
    {
        var methods = plan.Options.Methods;
        var means = scores.Select(method => method.Queries[0].Mean[..candidates.Count]).ToList();
        var agreements = new List<RankAgreement>();
        for (var a = 0; a < methods.Count; a++)
        {
            for (var b = a + 1; b < methods.Count; b++)
                agreements.Add(
                    RankAgreement.Between(
                        methods[a].Description.Id,
                        means[a],
                        methods[b].Description.Id,
                        means[b],
                        plan.Options.EvidenceTop
                    )
                );
        }

        return new([.. methods.Select((method, m) => Compared(method, scores[m], means[m]))], agreements);
    }

    /// <summary>The few pictures that the query is owed to most together, by the reported method's scores.</summary>
    public SubsetInfo MostInfluential(MethodScores scores, int size)
    {
        if (scores.Refits is { } refits)
            return Info("refit", MostInfluentialSubset.OfRefits(refits, new() { Size = size }));
        var query = scores.Queries[0];
        // Scores that add up leave nothing to adapt to.
        var (name, search) = query.AddsUp ? ("greedy", SubsetSearch.Greedy) : ("adaptive", SubsetSearch.Adaptive);
        var options = new SubsetOptions { Size = size, Search = search };
        return Info(name, MostInfluentialSubset.OfScores(query, candidates.Count, options));
    }

    /// <summary>How far the listed pictures' scores depend on λ in a band.</summary>
    public DampingBandInfo DampingBand(BandScores band, IEnumerable<int> ranked) =>
        new(
            band.LeastRankCorrelation,
            [.. ranked.Select(i => new DampingBandItem(candidates[i].Item.Path, band.Mean[i], band.Spread[i]))]
        );

    private ComparedMethod Compared(IAttributionMethod method, MethodScores scores, double[] means) =>
        new(
            method.Description.Id,
            method.Description.Scores.LargerMeans,
            MethodSettings.IsDamped(method, scores) ? _settings.DampingRule(method) : null,
            scores.Damping,
            [
                .. Ranking
                    .Top(means, plan.Options.Listed(candidates.Count))
                    .Select(i => new ComparedItem(candidates[i].Item.Path, means[i])),
            ]
        )
        {
            Passes = passes?.Compared(method),
            Groups = method == plan.Options.ReportedMethod ? null : Groups(method, scores),
            LooksAtModel = method.Needs.LooksAtModel,
        };

    private IReadOnlyList<GroupShare>? Groups(IAttributionMethod method, MethodScores scores)
    {
        if (method.Description.Scores.Kind == ScoreKind.Chance)
            return null;
        var groups = plan.Options.GroupBy.Of([.. candidates.Select(candidate => candidate.Item)]);
        return GroupShares.Compute(groups, scores.Queries[0]);
    }

    private SubsetInfo Info(string search, InfluentialSubset subset) =>
        new(search, [.. subset.Order.Select(i => candidates[i].Item.Path)], subset.Influence);
}
