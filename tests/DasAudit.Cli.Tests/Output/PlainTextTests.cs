using DasAudit.Cli.Output;

namespace DasAudit.Cli.Tests.Output;

public class PlainTextTests
{
    [Theory]
    [InlineData("a\u001b[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\nb\tc", "a b c")]
    [InlineData("gpj.\u202eexe", "gpj.\uFFFDexe")]
    [InlineData("\u009bm", "\uFFFDm")]
    [InlineData("日本 😀 é", "日本 😀 é")]
    public void Only_visible_characters_come_through(string text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("a\uFFFDb", PlainText.Of("a\uD83Db"));
}
