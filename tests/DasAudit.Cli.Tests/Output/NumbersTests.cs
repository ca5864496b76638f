using DasAudit.Cli.Output;

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
    public void Bytes_have_units(long bytes, string shown) => Assert.Equal(shown, Numbers.Bytes(bytes));
}
