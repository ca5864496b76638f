using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Uncertainty;

/// <summary>What reports say of the rule and of the null pool.</summary>
public class EvidenceDefinitionTests
{
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
        Assert.Equal(sentence is null, EvidenceRuleTests.Facts(decoys, 0, candidates).QValue <= 0.2 * (1 + 1e-9));
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
}
