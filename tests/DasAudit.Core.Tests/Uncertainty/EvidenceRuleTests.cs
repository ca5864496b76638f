using DasAudit.Core.Attribution.Scores;
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

    [Fact]
    public void The_definition_names_every_bound_that_is_used()
    {
        var text = string.Join(
            ' ',
            EvidenceDefinition.Of(20, Pool(NullPoolKind.Decoys, 199), noise: true, candidates: 10)
        );
        Assert.Contains(
            "'strong' means q at most 0.05, a probability of at least 0.95 of being among the top 20, a score of at "
                + "least 3 standard errors and a rank correlation between noise draws of at least 0.3.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'moderate' means q at most 0.1, a probability of at least 0.8 ",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'weak' means q at most 0.2, a probability of at least 0.5 of being among the top 20, a score of at "
                + "least 1 standard error and",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("'not established'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, "No pictures that the model never saw")]
    [InlineData(NullPoolKind.Decoys, false, "The scores were measured once")]
    public void The_definition_says_why_words_are_limited(NullPoolKind? pool, bool noise, string reason)
    {
        var text = string.Join(
            ' ',
            EvidenceDefinition.Of(5, pool is { } kind ? Pool(kind, 199) : null, noise, candidates: 10)
        );
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Contains("no word is stronger than 'weak'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("'strong' means", text, StringComparison.Ordinal);
        Assert.Equal(pool is not null, text.Contains("q at most", StringComparison.Ordinal));
        Assert.Equal(noise, text.Contains("standard error", StringComparison.Ordinal));
    }

    [Fact]
    public void With_nothing_measured_the_definition_says_that_nothing_is_shown() =>
        Assert.Contains(
            "cannot show anything",
            Assert.Single(EvidenceDefinition.Of(5, null, noise: false, candidates: 10)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(ScoreNoise.Drawn, "The scores were measured once")]
    [InlineData(ScoreNoise.None, "The scores of this method depend on no noise that could be drawn again")]
    [InlineData(
        ScoreNoise.Averaged,
        "Which pictures each retrained model happened to see is a chance that was not measured"
    )]
    public void Without_standard_errors_the_definition_says_why(ScoreNoise source, string reason)
    {
        foreach (var pool in new[] { null, Pool(NullPoolKind.Decoys, 199) })
        {
            var text = string.Join(' ', EvidenceDefinition.Of(5, pool, noise: false, candidates: 10, source: source));
            Assert.Contains(reason, text, StringComparison.Ordinal);
            Assert.Equal(source == ScoreNoise.Drawn, text.Contains("other noise", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Words_of_resemblance_and_of_chance_are_no_words_of_influence()
    {
        Assert.Contains(
            "no evidence that the model learnt from it",
            EvidenceDefinition.Of(
                5,
                Pool(NullPoolKind.Decoys, 199),
                noise: true,
                candidates: 10,
                kind: ScoreKind.Resemblance
            )[0],
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["Scores that are drawn at random cannot show anything: every picture is 'not established'."],
            EvidenceDefinition.Of(
                5,
                Pool(NullPoolKind.Decoys, 199),
                noise: true,
                candidates: 10,
                kind: ScoreKind.Chance
            )
        );
        Assert.DoesNotContain(
            "resembles",
            string.Join(' ', EvidenceDefinition.Of(5, Pool(NullPoolKind.Decoys, 199), noise: true, candidates: 10)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_is_not_written_as_many()
    {
        Assert.Contains(
            "measured on 1 decoy.",
            new NullPool(NullPoolKind.Decoys, 1, 0.5).Meaning(5)[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "for the other query, if",
            new NullPool(NullPoolKind.Queries, 1, 0.5).Meaning(5)[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1 decoy is too few",
            string.Join(' ', EvidenceDefinition.Of(5, Pool(NullPoolKind.Decoys, 1), noise: true, candidates: 10)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_p_means_depends_on_the_pool_and_is_no_finding_of_law()
    {
        var text = string.Join(' ', new NullPool(NullPoolKind.Decoys, 199, 0.005).Meaning(100));
        Assert.Contains("measured on 199 decoys", text, StringComparison.Ordinal);
        Assert.Contains(
            "No p is smaller than 0.005; with 100 candidates q can come down to 0.05 only where at least 10 pictures "
                + "reach that.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "neither speaks of causation in law, and both hold only for this model, this way of scoring and this "
                + "null pool",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "resembles the query as much",
            new NullPool(NullPoolKind.MatchedDecoys, 9, 0.1).Meaning(5)[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "of 9 queries",
            new NullPool(NullPoolKind.Queries, 9, 0.1).Meaning(5)[0],
            StringComparison.Ordinal
        );
    }

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

    [Theory]
    [InlineData(
        9,
        30,
        "9 decoys are too few to bring the q of a single picture among 30 down to 0.2, so a picture that scores "
            + "higher than every decoy is judged as if there were none, hence at most 'weak', where its q would not "
            + "allow it; 149 decoys would bring a single picture to q 0.2, and 599 to q 0.05."
    )]
    [InlineData(148, 30, "148 decoys are too few")]
    [InlineData(149, 30, null)]
    [InlineData(1648, 330, "1649 decoys would bring a single picture to q 0.2, and 6599 to q 0.05.")]
    [InlineData(1649, 330, null)]
    public void The_definition_says_how_small_pools_are_dealt_with_and_how_many_decoys_it_takes(
        int decoys,
        int candidates,
        string? sentence
    )
    {
        var text = string.Join(
            ' ',
            EvidenceDefinition.Of(20, Pool(NullPoolKind.Decoys, decoys), noise: true, candidates)
        );
        if (sentence is null)
            Assert.DoesNotContain("too few", text, StringComparison.Ordinal);
        else
            Assert.Contains(sentence, text, StringComparison.Ordinal);
        // What it says is so.
        Assert.Equal(sentence is null, Facts(decoys, 0, candidates).QValue <= 0.2 * (1 + 1e-9));
    }

    [Fact]
    public void The_definition_counts_other_queries_bins_and_the_price_of_arbitrary_dependence()
    {
        string Sentence(NullPool pool, FalseDiscoveryControl control) =>
            EvidenceDefinition
                .Of(20, pool, noise: true, 30, control)
                .Single(text => text.Contains("too few", StringComparison.Ordinal));
        var queries = Sentence(Pool(NullPoolKind.Queries, 9), FalseDiscoveryControl.BenjaminiHochberg);
        Assert.Contains("9 other queries are too few", queries, StringComparison.Ordinal);
        Assert.Contains(
            "149 other queries would bring a single picture to q 0.2, and 299 to q 0.1.",
            queries,
            StringComparison.Ordinal
        );
        // Three bins of 30 decoys.
        Assert.Contains(
            "447 decoys would bring a single picture to q 0.2",
            Sentence(new(NullPoolKind.MatchedDecoys, 90, 1 / 31.0), FalseDiscoveryControl.BenjaminiHochberg),
            StringComparison.Ordinal
        );
        // 30·(1 + 1/2 + … + 1/30)/0.2 = 599.2.
        Assert.Contains(
            "599 decoys would bring a single picture to q 0.2",
            Sentence(Pool(NullPoolKind.Decoys, 9), FalseDiscoveryControl.BenjaminiYekutieli),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Where_no_q_can_reach_the_bound_the_meaning_says_so() =>
        Assert.Contains(
            "No p, and so no q, is smaller than 0.1.",
            new NullPool(NullPoolKind.Decoys, 9, 0.1).Meaning(5)
        );

    private static NullPool Pool(NullPoolKind kind, int size) => new(kind, size, 1.0 / (size + 1));

    /// <summary>A single picture among many that do not stand out.</summary>
    private static EvidenceFacts Facts(int decoys, int beatenBy, int candidates)
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
