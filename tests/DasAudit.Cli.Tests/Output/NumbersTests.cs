using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Tests.Output;

public class NumbersTests
{
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
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(999_950_000, "1.0 GB")]
    public void Bytes_have_units(long bytes, string shown) => Assert.Equal(shown, Numbers.Bytes(bytes));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(90061, "25 h 01 min")]
    public void Times_are_said_as_people_say_them(double seconds, string words) =>
        Assert.Equal(words, Numbers.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1234, "1234/s")]
    [InlineData(12.34, "12.3/s")]
    [InlineData(0.5, "30.0/min")]
    public void Rates_are_said_as_people_say_them(double rate, string words) => Assert.Equal(words, Numbers.Rate(rate));
}
