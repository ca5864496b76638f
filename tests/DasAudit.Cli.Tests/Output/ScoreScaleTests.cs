using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Tests.Output;

public class ScoreScaleTests
{
    [Theory]
    [InlineData("score", "0.812 ± 0.034", 0.8123, 0.0341)]
    [InlineData("score", "0.0123", 0.01234)]
    [InlineData("score", "123 ± 4", 123.4, 4.4)]
    [InlineData("score × 10^-6", "4.18 ± 0.21", 4.18e-6, 0.21e-6)]
    [InlineData("score × 10^7", "1.23", 1.234e7)]
    [InlineData("score × 10^-300", "0.00", 1e-320)]
    [InlineData("score", "0", 0.0)]
    public void The_largest_score_has_three_digits(string heading, string shown, double score, double? error = null)
    {
        var scale = ScoreScale.For([score / 1000, score]);
        Assert.Equal((heading, shown), (scale.Heading, scale.Show(score, error)));
    }

    [Fact]
    public void Small_scores_stand_below_large_ones_with_the_same_decimals() =>
        Assert.Equal("0.000", ScoreScale.For([0.8, 1e-5]).Show(1e-5, null));

    [Fact]
    public void Scores_that_are_all_below_0_have_digits_too() =>
        Assert.Equal(
            ("score × 10^-6", "-4.18"),
            (ScoreScale.For([-1e-7, -4.18e-6]).Heading, ScoreScale.For([-1e-7, -4.18e-6]).Show(-4.18e-6, null))
        );

    [Fact]
    public void A_table_without_scores_has_a_scale() => Assert.Equal("score", ScoreScale.For([]).Heading);
}
