using DasAudit.Core.Attribution.Uncertainty;
using static DasAudit.Core.Attribution.Uncertainty.EvidenceStrength;

namespace DasAudit.Core.Tests.Attribution.Uncertainty;

public class EvidenceRuleTests
{
    private static readonly EvidenceFacts Best = new(Score: 100, StandardError: 1, TopProbability: 1, RankStability: 1, QValue: 0, NullPoolKind.Decoys);

    [Theory]
    [InlineData(0, Strong)]
    [InlineData(0.05, Strong)]
    [InlineData(0.0501, Moderate)]
    [InlineData(0.1, Moderate)]
    [InlineData(0.1001, Weak)]
    [InlineData(0.2, Weak)]
    [InlineData(0.2001, NotEstablished)]
    public void The_word_falls_with_q(double q, EvidenceStrength word) => Assert.Equal(word, EvidenceRule.Judge(Best with { QValue = q }));

    [Theory]
    [InlineData(0.95, Strong)]
    [InlineData(0.9499, Moderate)]
    [InlineData(0.8, Moderate)]
    [InlineData(0.7999, Weak)]
    [InlineData(0.5, Weak)]
    [InlineData(0.4999, NotEstablished)]
    public void The_word_falls_with_the_probability_of_the_top(double top, EvidenceStrength word) => Assert.Equal(word, EvidenceRule.Judge(Best with { TopProbability = top }));

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
    public void The_word_falls_with_the_stability_of_ranks(double stability, EvidenceStrength word) => Assert.Equal(word, EvidenceRule.Judge(Best with { RankStability = stability }));

    [Fact]
    public void Without_a_null_pool_no_word_is_stronger_than_weak()
    {
        var untested = Best with { QValue = null, Pool = null };
        Assert.Equal(Weak, EvidenceRule.Judge(untested));
        Assert.Equal(Weak, EvidenceRule.Judge(untested with { TopProbability = 0.5 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(untested with { TopProbability = 0.49 }));
    }

    [Fact]
    public void With_a_single_noise_draw_no_word_is_stronger_than_weak()
    {
        var single = new EvidenceFacts(100, null, null, null, 0.001, NullPoolKind.MatchedDecoys);
        Assert.Equal(Weak, EvidenceRule.Judge(single));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(single with { QValue = 0.21 }));
        Assert.Equal(NotEstablished, EvidenceRule.Judge(single with { QValue = null, Pool = null }));
    }

    [Theory]
    [InlineData(NullPoolKind.Decoys, Strong)]
    [InlineData(NullPoolKind.MatchedDecoys, Strong)]
    [InlineData(NullPoolKind.Queries, Moderate)]
    public void Only_decoys_make_evidence_strong(NullPoolKind pool, EvidenceStrength word)
    {
        Assert.Equal(word, EvidenceRule.Judge(Best with { Pool = pool }));
        Assert.Equal(Weak, EvidenceRule.Judge(Best with { Pool = pool, QValue = 0.2 }));
        var text = string.Join(' ', EvidenceRule.Definition(9, pool, noise: true));
        Assert.Equal(word == Strong, text.Contains("'strong' means", StringComparison.Ordinal));
        Assert.Equal(word != Strong, text.Contains("no word is stronger than 'moderate'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_score_that_is_not_positive_establishes_nothing(double score) => Assert.Equal(NotEstablished, EvidenceRule.Judge(Best with { Score = score, StandardError = 0 }));

    [Fact]
    public void The_definition_names_every_bound_that_is_used()
    {
        var text = string.Join(' ', EvidenceRule.Definition(20, NullPoolKind.Decoys, noise: true));
        Assert.Contains("'strong' means q at most 0.05, a probability of at least 0.95 of being among the top 20, a score of at least 3 standard errors and a rank correlation between noise draws of at least 0.3.", text, StringComparison.Ordinal);
        Assert.Contains("'moderate' means q at most 0.1, a probability of at least 0.8 ", text, StringComparison.Ordinal);
        Assert.Contains("'weak' means q at most 0.2, a probability of at least 0.5 of being among the top 20, a score of at least 1 standard error and", text, StringComparison.Ordinal);
        Assert.Contains("'not established'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, "No pictures that the model never saw")]
    [InlineData(NullPoolKind.Decoys, false, "The noise was drawn once")]
    public void The_definition_says_why_words_are_limited(NullPoolKind? pool, bool noise, string reason)
    {
        var text = string.Join(' ', EvidenceRule.Definition(5, pool, noise));
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Contains("no word is stronger than 'weak'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("'strong' means", text, StringComparison.Ordinal);
        Assert.Equal(pool is not null, text.Contains("q at most", StringComparison.Ordinal));
        Assert.Equal(noise, text.Contains("standard error", StringComparison.Ordinal));
    }

    [Fact]
    public void With_nothing_measured_the_definition_says_that_nothing_is_shown() =>
        Assert.Contains("cannot show anything", Assert.Single(EvidenceRule.Definition(5, null, noise: false)), StringComparison.Ordinal);

    [Fact]
    public void What_p_means_depends_on_the_pool_and_is_no_finding_of_law()
    {
        var text = string.Join(' ', new NullPool(NullPoolKind.Decoys, 199, 0.005).Meaning(100));
        Assert.Contains("measured on 199 decoys", text, StringComparison.Ordinal);
        Assert.Contains("No p is smaller than 0.005; with 100 candidates q can come down to 0.05 only where at least 10 pictures reach that.", text, StringComparison.Ordinal);
        Assert.Contains("neither speaks of causation in law, and both hold only for this model, this way of scoring and this null pool", text, StringComparison.Ordinal);
        Assert.Contains("resembles the query as much", new NullPool(NullPoolKind.MatchedDecoys, 9, 0.1).Meaning(5)[0], StringComparison.Ordinal);
        Assert.Contains("of 9 queries", new NullPool(NullPoolKind.Queries, 9, 0.1).Meaning(5)[0], StringComparison.Ordinal);
    }
}
