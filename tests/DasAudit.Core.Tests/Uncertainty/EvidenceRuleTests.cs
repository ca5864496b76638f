using DasAudit.Core.Uncertainty;
using static DasAudit.Core.Uncertainty.EvidenceStrength;

namespace DasAudit.Core.Tests.Uncertainty;

public class EvidenceRuleTests
{
    private static readonly EvidenceFacts Best = new(
        Score: 100,
        StandardError: 1,
        TopProbability: 1,
        RankStability: 1,
        PValue: 0.5,
        QValue: 0,
        Pool(NullPoolKind.Decoys, 199)
    );

    [Theory]
    [InlineData(0, Strong)]
    [InlineData(0.05, Strong)]
    [InlineData(0.0501, Moderate)]
    [InlineData(0.1, Moderate)]
    [InlineData(0.1001, Weak)]
    [InlineData(0.2, Weak)]
    [InlineData(0.2001, NotEstablished)]
    public void The_word_falls_with_q(double q, EvidenceStrength word) =>
        Assert.Equal(word, EvidenceRule.Judge(Best with { QValue = q }));

    [Theory]
    [InlineData(0.95, Strong)]
    [InlineData(0.9499, Moderate)]
    [InlineData(0.8, Moderate)]
    [InlineData(0.7999, Weak)]
    [InlineData(0.5, Weak)]
    [InlineData(0.4999, NotEstablished)]
    public void The_word_falls_with_the_probability_of_the_top(double top, EvidenceStrength word) =>
        Assert.Equal(word, EvidenceRule.Judge(Best with { TopProbability = top }));

    [Theory]
    [InlineData(3, Strong)]
    [InlineData(2.999, Moderate)]
    [InlineData(2, Moderate)]
    [InlineData(1.999, Weak)]
    [InlineData(1, Weak)]
    [InlineData(0.999, NotEstablished)]
    public void The_word_falls_with_the_score_in_standard_errors(double errors, EvidenceStrength word) =>
        Assert.Equal(word, EvidenceRule.Judge(Best with { Score = errors * 0.25, StandardError = 0.25 }));

    [Theory]
    [InlineData(0.3, Strong)]
    [InlineData(0.2999, Moderate)]
    [InlineData(0.1, Moderate)]
    [InlineData(0.0999, Weak)]
    [InlineData(0, Weak)]
    [InlineData(-0.001, NotEstablished)]
    public void The_word_falls_with_the_stability_of_ranks(double stability, EvidenceStrength word) =>
        Assert.Equal(word, EvidenceRule.Judge(Best with { RankStability = stability }));

    [Fact]
    public void Without_a_null_pool_no_word_is_stronger_than_weak()
    {
        var untested = Best with { PValue = null, QValue = null, Pool = null };
        Assert.Equal(Weak, EvidenceRule.Judge(untested));
        Assert.Equal(Weak, EvidenceRule.Judge(untested with { TopProbability = 0.5 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(untested with { TopProbability = 0.49 }));
    }

    [Fact]
    public void With_a_single_noise_draw_no_word_is_stronger_than_weak()
    {
        var single = new EvidenceFacts(100, null, null, null, 0.5, 0.001, Pool(NullPoolKind.MatchedDecoys, 199));
        Assert.Equal(Weak, EvidenceRule.Judge(single));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(single with { QValue = 0.21 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(single with { PValue = null, QValue = null, Pool = null }));
    }

    [Theory]
    [InlineData(NullPoolKind.Decoys, Strong)]
    [InlineData(NullPoolKind.MatchedDecoys, Strong)]
    [InlineData(NullPoolKind.Queries, Moderate)]
    public void Only_decoys_make_evidence_strong(NullPoolKind pool, EvidenceStrength word)
    {
        Assert.Equal(word, EvidenceRule.Judge(Best with { Pool = Pool(pool, 199) }));
        Assert.Equal(Weak, EvidenceRule.Judge(Best with { Pool = Pool(pool, 199), QValue = 0.2 }));
        var text = string.Join(' ', EvidenceDefinition.Of(9, Pool(pool, 199), noise: true, candidates: 10));
        Assert.Equal(word == Strong, text.Contains("'strong' means", StringComparison.Ordinal));
        Assert.Equal(word != Strong, text.Contains("no word is stronger than 'moderate'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_score_that_is_not_positive_establishes_nothing(double score) =>
        Assert.Equal(NotEstablished, EvidenceRule.Judge(Best with { Score = score, StandardError = 0 }));

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(148)]
    public void A_picture_that_beats_every_decoy_of_a_small_pool_is_judged_as_without_decoys(int decoys)
    {
        var facts = Facts(decoys, beatenBy: 0, candidates: 30);
        Assert.True(facts.QValue > 0.2);
        Assert.Equal(Weak, EvidenceRule.Judge(facts));
        Assert.Equal(EvidenceRule.Judge(facts.Untested), EvidenceRule.Judge(facts));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(facts with { TopProbability = 0.4 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(facts with { StandardError = facts.Score * 1.1 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(facts with { RankStability = -0.1 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(facts with { Score = -1 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(148)]
    [InlineData(1500)]
    public void A_picture_that_a_decoy_beats_keeps_its_q(int decoys)
    {
        var facts = Facts(decoys, beatenBy: 1, candidates: 400);
        Assert.True(facts.QValue > 0.2);
        Assert.Equal(NotEstablished, EvidenceRule.Judge(facts));
        Assert.Equal(Weak, EvidenceRule.Judge(facts.Untested));
    }

    [Fact]
    public void More_decoys_never_weaken_a_picture_that_none_beats()
    {
        EvidenceStrength[] words =
        [
            .. Enumerable
                .Range(0, 800)
                .Select(decoys => EvidenceRule.Judge(decoys == 0 ? Best.Untested : Facts(decoys, 0, 30))),
        ];
        Assert.Equal([Weak, Moderate, Strong], words.Distinct());
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
        Assert.Equal(299, Array.IndexOf(words, Moderate));
        Assert.Equal(599, Array.IndexOf(words, Strong));
    }

    [Fact]
    public void A_larger_p_never_brings_a_stronger_word()
    {
        foreach (var decoys in (int[])[1, 2, 5, 20, 100, 300, 1000])
        {
            foreach (var control in Enum.GetValues<FalseDiscoveryControl>())
            {
                // Candidate i is beaten by i / 3 decoys, or by all.
                double[] pValues =
                [
                    .. Enumerable.Range(0, 40).Select(i => (1.0 + Math.Min(decoys, i / 3)) / (decoys + 1)),
                ];
                var qValues = FalseDiscovery.QValues(pValues, control);
                List<EvidenceStrength> words =
                [
                    .. pValues.Zip(
                        qValues,
                        (p, q) =>
                            EvidenceRule.Judge(
                                Best with
                                {
                                    PValue = p,
                                    QValue = q,
                                    Pool = Pool(NullPoolKind.Decoys, decoys),
                                }
                            )
                    ),
                ];
                Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First >= pair.Second));
                Assert.True(words[0] >= Weak);
            }
        }
    }

    [Fact]
    public void Bins_of_matched_decoys_that_differ_by_little_are_treated_alike()
    {
        // Bins of 9 and 10 decoys.
        var pool = new NullPool(NullPoolKind.MatchedDecoys, 95, 1 / 11.0);
        Assert.Equal(Weak, EvidenceRule.Judge(Best with { Pool = pool, PValue = 1 / 11.0, QValue = 0.9 }));
        Assert.Equal(Weak, EvidenceRule.Judge(Best with { Pool = pool, PValue = 1 / 10.0, QValue = 0.9 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(Best with { Pool = pool, PValue = 2 / 11.0, QValue = 0.9 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(Best with { Pool = pool, PValue = 2 / 10.0, QValue = 0.9 }));
    }

    [Fact]
    public void With_a_single_noise_draw_a_small_pool_shows_nothing()
    {
        var single = Facts(9, 0, 30) with { StandardError = null, TopProbability = null, RankStability = null };
        Assert.Equal(NotEstablished, EvidenceRule.Judge(single));
        Assert.DoesNotContain(
            EvidenceDefinition.Of(5, single.Pool, noise: false, candidates: 30),
            sentence => sentence.Contains("too few", StringComparison.Ordinal)
        );
    }

    private static NullPool Pool(NullPoolKind kind, int size) => new(kind, size, 1.0 / (size + 1));

    /// <summary>A single picture among many that do not stand out.</summary>
    internal static EvidenceFacts Facts(int decoys, int beatenBy, int candidates)
    {
        double[] pValues = [(1.0 + beatenBy) / (decoys + 1), .. Enumerable.Repeat(1.0, candidates - 1)];
        return Best with
        {
            PValue = pValues[0],
            QValue = FalseDiscovery.QValues(pValues)[0],
            Pool = Pool(NullPoolKind.Decoys, decoys),
        };
    }
}
