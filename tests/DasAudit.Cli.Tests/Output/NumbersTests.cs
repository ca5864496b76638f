using DasAudit.Cli.Output;

namespace DasAudit.Cli.Tests.Output;

public class NumbersTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(0.8123, "0.812")]
    [InlineData(12.345, "12.3")]
    [InlineData(-4567.8, "-4568")]
    [InlineData(0.00012345, "1.23e-4")]
    [InlineData(1234567, "1.23e+6")]
    public void Three_digits_are_enough(double value, string shown) => Assert.Equal(shown, Numbers.Short(value));

    [Theory]
    [InlineData(0.8123, 0.0341, "0.812 ± 0.034")]
    [InlineData(0.8123, null, "0.812")]
    [InlineData(0.00012, 0.00004, "1.20e-4 ± 4.00e-5")]
    public void An_error_has_as_many_decimals_as_its_value(double value, double? error, string shown) => Assert.Equal(shown, Numbers.WithError(value, error));

    [Fact]
    public void Counts_agree_with_their_nouns()
    {
        Assert.Equal("1 picture", Numbers.Count(1, "picture"));
        Assert.Equal("35 746 307 pictures", Numbers.Count(35746307, "picture"));
        Assert.Equal("0 pictures", Numbers.Count(0, "picture"));
    }

    [Theory]
    [InlineData(999, "1.0 kB")]
    [InlineData(2_500_000, "2.5 MB")]
    [InlineData(78_400_000_000, "78.4 GB")]
    public void Bytes_have_units(long bytes, string shown) => Assert.Equal(shown, Numbers.Bytes(bytes));
}
