using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Tests.Document;

public class FiguresTests
{
    [Theory]
    [InlineData(4.1834e-6, 2.1e-7, "(4.18 ± 0.21) × 10⁻⁶")]
    [InlineData(4.1834e-6, null, "4.18 × 10⁻⁶")]
    [InlineData(9.999e-6, 1e-7, "(1.00 ± 0.01) × 10⁻⁵")]
    [InlineData(1, 0.5, "1.00 ± 0.50")]
    [InlineData(-7.744, null, "−7.74")]
    [InlineData(12345, null, "1.23 × 10⁴")]
    [InlineData(0, null, "0")]
    [InlineData(0, 2e-9, "(0.00 ± 2.00) × 10⁻⁹")]
    [InlineData(5e-324, null, "4.94 × 10⁻³²⁴")]
    [InlineData(1.5e300, 2e299, "(1.50 ± 0.20) × 10³⁰⁰")]
    public void Scores_have_three_digits_and_share_the_power_with_their_error(
        double score,
        double? error,
        string text
    ) => Assert.Equal(text, Figures.Score(score, error).Replace('\u00A0', ' '));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0001, "<0.1 %")]
    [InlineData(0.004, "0.4 %")]
    [InlineData(0.0094, "0.9 %")]
    [InlineData(0.0096, "1 %")]
    [InlineData(0.624, "62 %")]
    [InlineData(1, "100 %")]
    public void Shares_are_per_cent(double share, string text) =>
        Assert.Equal(text, Figures.Percent(share).Replace('\u00A0', ' '));

    [Theory]
    [InlineData(1, "1")]
    [InlineData(0.5, "0.5")]
    [InlineData(0.0321, "0.032")]
    [InlineData(1 / 201.0, "0.005")]
    [InlineData(0.00099, "0.00099")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00009999, "<0.0001")]
    [InlineData(0, "0")]
    public void Probabilities_have_two_digits(double value, string text) =>
        Assert.Equal(text, Figures.Probability(value));

    [Fact]
    public void Cosines_have_a_real_minus() => Assert.Equal("−0.10", Figures.Cosine(-0.1));

    [Fact]
    public void Counts_have_thousands_apart() => Assert.Equal("1\u202F234\u202F567", Figures.Count(1_234_567));
}
