using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Audits;

internal sealed record EvidenceOptions
{
    /// <summary>N of the probability of being among the top N. Default 20.</summary>
    public int Top { get; init; } = 20;

    /// <summary>Seed of redraws and random groups.</summary>
    public long Seed { get; init; }

    /// <summary>How q-values are computed.</summary>
    public FalseDiscoveryControl Control { get; init; } = FalseDiscoveryControl.BenjaminiHochberg;

    /// <summary>Bins of similarity within which decoys are compared; 1: all decoys with all candidates.</summary>
    public int SimilarityBins { get; init; } = 1;

    /// <summary>Number of random groups that each group is compared with.</summary>
    public int GroupDraws { get; init; } = 10_000;
}

/// <summary>What is known of a candidate beside its score.</summary>
internal sealed record PictureEvidence(
    double? PValue,
    double? QValue,
    double? TopProbability,
    EvidenceStrength Strength
);

/// <summary>The evidence of one query.</summary>
/// <param name="Pictures">One a candidate.</param>
internal sealed record EvidenceFindings(IReadOnlyList<PictureEvidence> Pictures, EvidenceInfo Info);

/// <summary>Says of scores how sure they are and whether they are more than chance.</summary>
internal static class EvidenceAssessment
{
    /// <summary>Assesses the first query's candidates against decoys (the rows after), else other queries.</summary>
    /// <param name="scores">Of the audited query first.</param>
    /// <param name="members">Number of candidates: the first rows.</param>
    /// <param name="similarities">Of every row to the query; null without an encoder: decoys are not matched.</param>
    public static EvidenceFindings Assess(
        MethodScores scores,
        int members,
        IReadOnlyList<float>? similarities,
        EvidenceOptions options,
        MethodDescription method
    )
    {
        var audited = scores.Queries[0];
        var (pool, pValues) = Test(scores, members, similarities, options, method.Scores.IncludeDecoys);
        var qValues = pValues is null ? null : FalseDiscovery.QValues(pValues, options.Control);
        var topProbabilities = TopProbability.Compute(audited, members, options.Top, options.Seed);
        var stability = RankStability.Of(audited, members, options.Top);
        var agreement = QueryAgreement.Of([.. scores.Queries.Select(query => query.Mean[..members])]);
        var sameRanking = agreement is { IsAlike: true } ? agreement : null;
        var pictures = Enumerable
            .Range(0, members)
            .Select(i => new PictureEvidence(
                pValues?[i],
                qValues?[i],
                topProbabilities?[i],
                method.Scores.Kind == ScoreKind.Chance || sameRanking is not null
                    ? EvidenceStrength.NotEstablished
                    : EvidenceRule.Judge(
                        new(
                            audited.Mean[i],
                            audited.StandardError(i),
                            topProbabilities?[i],
                            stability?.Spearman,
                            pValues?[i],
                            qValues?[i],
                            pool
                        )
                    )
            ))
            .ToList();
        return new(
            pictures,
            new()
            {
                NullPool = pool,
                QValues =
                    options.Control == FalseDiscoveryControl.BenjaminiYekutieli
                        ? "benjamini-yekutieli"
                        : "benjamini-hochberg",
                Top = options.Top,
                Icc = IntraclassCorrelation.Compute(audited, members),
                RankStability = stability,
                SameRanking = sameRanking,
                Definition = sameRanking is not null
                    ? EvidenceDefinition.Of(sameRanking)
                    : EvidenceDefinition.Of(
                        options.Top,
                        pool,
                        audited.ByReplicate.Count > 1,
                        members,
                        options.Control,
                        method.Scores.Kind,
                        method.Scores.Noise
                    ),
                Meaning = pool?.Meaning(members) ?? [],
            }
        );
    }

    /// <summary>Adds p- and q-values against random groups as large; see <see cref="GroupPermutation"/>.</summary>
    /// <param name="groups">Group of each candidate.</param>
    public static IReadOnlyList<GroupShare> TestGroups(
        IReadOnlyList<GroupShare> shares,
        IReadOnlyList<string> groups,
        QueryScores scores,
        EvidenceOptions options
    )
    {
        var members = groups.Select((key, index) => (key, index)).ToLookup(pair => pair.key, pair => pair.index);
        var permutation = new GroupPermutation(scores, groups.Count, options.Seed, options.GroupDraws);
        var pValues = shares.Select(share => permutation.Test([.. members[share.Key]]).PValue).ToList();
        var qValues = FalseDiscovery.QValues(pValues, options.Control);
        return [.. shares.Select((share, i) => share with { PValue = pValues[i], QValue = qValues[i] })];
    }

    private static (NullPool? Pool, double[]? PValues) Test(
        MethodScores scores,
        int members,
        IReadOnlyList<float>? similarities,
        EvidenceOptions options,
        bool scoresDecoys
    )
    {
        var mean = scores.Queries[0].Mean;
        var (candidates, decoys) = (mean[..members], scoresDecoys ? mean[members..] : []);
        if (decoys.Length > 0 && similarities is not null && options.SimilarityBins > 1)
        {
            double[] all = [.. similarities.Select(value => (double)value)];
            double[] Matched(double[] values) =>
                ConformalPValues.Matched(values, all[..members], decoys, all[members..], options.SimilarityBins);
            return (
                new(
                    NullPoolKind.MatchedDecoys,
                    decoys.Length,
                    Matched([.. candidates.Select(_ => double.PositiveInfinity)]).Min()
                ),
                Matched(candidates)
            );
        }

        if (decoys.Length > 0)
            return (
                new(NullPoolKind.Decoys, decoys.Length, 1.0 / (decoys.Length + 1)),
                ConformalPValues.Compute(candidates, decoys)
            );
        if (scores.Queries.Count < 2)
            return (null, null);
        var byQuery = TwoWayStandardisation.ByQuery([.. scores.Queries.Select(query => query.Mean[..members])]);
        return (new(NullPoolKind.Queries, byQuery.Length - 1, 1.0 / byQuery.Length), QueryPermutation.PValues(byQuery));
    }
}
