using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Baselines;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Audits;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

public class EvidenceAssessmentTests
{
    private const int Candidates = 30;

    [Fact]
    public void Rows_after_the_candidates_are_the_null_pool()
    {
        var scores = Scores(queries: 3);
        var findings = EvidenceAssessment.Assess(
            scores,
            Candidates,
            null,
            new() { Top = 4 },
            new DasMethod().Description
        );

        Assert.Equal(new(NullPoolKind.Decoys, 90, 1 / 91.0), findings.Info.NullPool);
        var expected = ConformalPValues.Compute(
            scores.Queries[0].Mean[..Candidates],
            scores.Queries[0].Mean[Candidates..]
        );
        Assert.Equal(expected, findings.Pictures.Select(p => p.PValue!.Value));
        Assert.Equal(FalseDiscovery.QValues(expected), findings.Pictures.Select(p => p.QValue!.Value));
        Assert.Equal("benjamini-hochberg", findings.Info.QValues);
        Assert.Equal(4, findings.Pictures.Sum(p => p.TopProbability!.Value), 1e-9);
        Assert.Equal(RankStability.Of(scores.Queries[0], Candidates, 4), findings.Info.RankStability);
        Assert.Equal(IntraclassCorrelation.Compute(scores.Queries[0], Candidates), findings.Info.Icc);
        Assert.Equal(
            EvidenceDefinition.Of(4, findings.Info.NullPool, noise: true, Candidates),
            findings.Info.Definition
        );
        Assert.Equal(4, findings.Info.Meaning.Count);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.05, true)]
    [InlineData(3, false)]
    public void A_ranking_that_is_that_of_other_queries_establishes_nothing(double difference, bool alike)
    {
        const int Queries = 4;
        var common = RandomNumbers.Normal(1, Candidates);
        double[] Draw(int query, int replicate) =>
            [
                .. common
                    .Zip(RandomNumbers.Normal(10 + query, Candidates), RandomNumbers.Normal(50 + replicate, Candidates))
                    .Select(
                        (values, i) =>
                            (i == 7 ? 20 : 10) + values.First + (difference * values.Second) + (0.01 * values.Third)
                    ),
            ];
        var scores = MethodScores.Undamped(
            Enumerable
                .Range(0, Queries)
                .Select(query => Enumerable.Range(0, 4).Select(replicate => Draw(query, replicate)).ToArray())
        );
        EvidenceFindings Assess(MethodScores of) =>
            EvidenceAssessment.Assess(of, Candidates, null, new() { Top = 3 }, new DasMethod().Description);

        var findings = Assess(scores);

        Assert.Equal(alike, findings.Pictures.All(picture => picture.Strength == EvidenceStrength.NotEstablished));
        Assert.Equal(alike, findings.Info.SameRanking is not null);
        if (alike)
        {
            Assert.Equal(Queries - 1, findings.Info.SameRanking!.Queries);
            Assert.InRange(findings.Info.SameRanking.Spearman, QueryAgreement.Alike, 1);
            Assert.StartsWith(
                "This method ranks the training pictures for 3 other queries",
                findings.Info.Definition[0]
            );
        }

        // Without other queries nobody can tell.
        var alone = Assess(scores with { Queries = [scores.Queries[0]] });
        Assert.Equal(EvidenceStrength.Weak, alone.Pictures[7].Strength);
        Assert.Null(alone.Info.SameRanking);
    }

    [Fact]
    public void Of_few_candidates_rankings_agree_by_chance() =>
        Assert.Null(
            QueryAgreement.Of([
                [1, 2, 3, 4, 5, 6, 7, 8, 9],
                [1, 2, 3, 4, 5, 6, 7, 8, 9],
            ])
        );

    [Fact]
    public void A_candidate_that_stands_out_from_enough_decoys_is_strong()
    {
        // One candidate alone can reach q = 30/(m + 1), so 0.05 takes 599 decoys.
        Assert.Equal(EvidenceStrength.Strong, Strengths(599)[7]);
        Assert.Equal(EvidenceStrength.Moderate, Strengths(598)[7]);
        Assert.Equal(EvidenceStrength.Moderate, Strengths(299)[7]);
        Assert.Equal(EvidenceStrength.Weak, Strengths(298)[7]);
        Assert.Equal(EvidenceStrength.Weak, Strengths(0)[7]);
        // Fewer cannot give it a q of 0.2, and beside none it would be weak.
        Assert.Equal(EvidenceStrength.Weak, Strengths(100)[7]);
        Assert.Equal(EvidenceStrength.Weak, Strengths(1)[7]);
        Assert.All(
            Strengths(599).Index().Where(s => s.Index != 7),
            s => Assert.Equal(EvidenceStrength.NotEstablished, s.Item)
        );
    }

    [Fact]
    public void Decoys_are_matched_by_similarity_where_asked()
    {
        var scores = Scores();
        float[] similarities = [.. Enumerable.Range(0, Candidates + 90).Select(i => (i * 37 % 100) / 100f)];
        var findings = EvidenceAssessment.Assess(
            scores,
            Candidates,
            similarities,
            new() { SimilarityBins = 3 },
            new DasMethod().Description
        );

        Assert.Equal(NullPoolKind.MatchedDecoys, findings.Info.NullPool!.Kind);
        Assert.Equal(90, findings.Info.NullPool.Size);
        Assert.InRange(findings.Info.NullPool.MinimumPValue, 1 / 36.0, 1 / 28.0);
        Assert.True(findings.Pictures.Min(p => p.PValue) >= findings.Info.NullPool.MinimumPValue);
        Assert.Equal(
            NullPoolKind.Decoys,
            EvidenceAssessment
                .Assess(scores, Candidates, null, new() { SimilarityBins = 3 }, new DasMethod().Description)
                .Info.NullPool!.Kind
        );
        Assert.Equal(
            NullPoolKind.Decoys,
            EvidenceAssessment
                .Assess(scores, Candidates, similarities, new(), new DasMethod().Description)
                .Info.NullPool!.Kind
        );
    }

    [Fact]
    public void Without_decoys_other_queries_are_the_null_pool()
    {
        var findings = EvidenceAssessment.Assess(
            Scores(queries: 50, decoys: 0),
            Candidates,
            null,
            new(),
            new DasMethod().Description
        );
        Assert.Equal(new(NullPoolKind.Queries, 49, 1 / 50.0), findings.Info.NullPool);
        Assert.Equal(Candidates, findings.Pictures.Count);
        Assert.All(findings.Pictures, p => Assert.InRange(p.PValue!.Value, 1 / 50.0, 1));
        Assert.Equal(
            EvidenceDefinition.Of(20, findings.Info.NullPool, noise: true, Candidates),
            findings.Info.Definition
        );
    }

    [Fact]
    public void With_one_query_and_no_decoys_there_are_no_p_values()
    {
        var findings = EvidenceAssessment.Assess(
            Scores(decoys: 0),
            Candidates,
            null,
            new(),
            new DasMethod().Description
        );
        Assert.Null(findings.Info.NullPool);
        Assert.Empty(findings.Info.Meaning);
        Assert.Equal(Candidates, findings.Pictures.Count);
        Assert.All(findings.Pictures, p => Assert.Null(p.PValue ?? p.QValue));
        Assert.All(findings.Pictures, p => Assert.True(p.Strength <= EvidenceStrength.Weak));
    }

    [Fact]
    public void A_single_noise_draw_has_no_probabilities()
    {
        var findings = EvidenceAssessment.Assess(
            Scores(replicates: 1),
            Candidates,
            null,
            new() { Control = FalseDiscoveryControl.BenjaminiYekutieli },
            new DasMethod().Description
        );
        Assert.Null(findings.Info.Icc);
        Assert.Null(findings.Info.RankStability);
        Assert.Equal("benjamini-yekutieli", findings.Info.QValues);
        Assert.All(findings.Pictures, p => Assert.Null(p.TopProbability));
    }

    [Fact]
    public void Random_scores_establish_nothing_however_they_fall()
    {
        var scores = Draws.Additive([
            .. Enumerable
                .Range(0, 4)
                .Select(r => Draws.Normal(1, Candidates).Select((v, i) => i == 7 ? 50 : v + 0.1 * r).ToArray()),
        ]);
        Assert.Contains(
            EvidenceAssessment
                .Assess(new([scores], []), Candidates, null, new() { Top = 3 }, new DasMethod().Description)
                .Pictures,
            p => p.Strength > EvidenceStrength.NotEstablished
        );
        Assert.All(
            EvidenceAssessment
                .Assess(new([scores], []), Candidates, null, new() { Top = 3 }, new RandomMethod().Description)
                .Pictures,
            p => Assert.Equal(EvidenceStrength.NotEstablished, p.Strength)
        );
    }

    [Fact]
    public void Groups_are_tested_against_random_groups_of_their_size()
    {
        var scores = Scores().Queries[0];
        string[] groups =
        [
            .. Enumerable
                .Range(0, Candidates)
                .Select(i =>
                    i % 3 == 0 ? "a"
                    : i % 2 == 0 ? "b"
                    : "c"
                ),
        ];
        var shares = EvidenceAssessment.TestGroups(
            GroupShares.Compute(groups, scores),
            groups,
            scores,
            new() { Seed = 3, GroupDraws = 200 }
        );

        var permutation = new GroupPermutation(scores, Candidates, 3, 200);
        Assert.Equal(
            shares.Select(s =>
                permutation.Test([.. Enumerable.Range(0, Candidates).Where(i => groups[i] == s.Key)]).PValue
            ),
            shares.Select(s => s.PValue!.Value)
        );
        Assert.Equal(
            FalseDiscovery.QValues([.. shares.Select(s => s.PValue!.Value)]),
            shares.Select(s => s.QValue!.Value)
        );
        Assert.Equal(1, shares.Sum(s => s.Share), 1e-12);
    }

    private static List<EvidenceStrength> Strengths(int decoys)
    {
        var scores = Draws.Additive([
            .. Enumerable
                .Range(0, 4)
                .Select(r =>
                    Draws
                        .Normal(1, Candidates + decoys)
                        .Select((v, i) => (i == 7 ? 50 : v) + 0.1 * r * (i % 2))
                        .ToArray()
                ),
        ]);
        return
        [
            .. EvidenceAssessment
                .Assess(new([scores], []), Candidates, null, new() { Top = 3 }, new DasMethod().Description)
                .Pictures.Select(p => p.Strength),
        ];
    }

    private static MethodScores Scores(int queries = 1, int decoys = 90, int replicates = 3) =>
        new(
            [
                .. Enumerable
                    .Range(0, queries)
                    .Select(q => Draws.Squared(Draws.Inner(q, replicates, 2, Candidates + decoys))),
            ],
            []
        );
}
