using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Tests.Document;

public class VisibleTextTests
{
    [Theory]
    [InlineData("plain ünï ☺", "plain ünï ☺")]
    [InlineData("مرحبا", "مرحبا")]
    [InlineData("👩\u200D🎨", "👩\u200D🎨")]
    [InlineData("a\u202Eb\u2066c\u200Fd", "a[U+202E]b[U+2066]c[U+200F]d")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero[U+200B]width[U+FEFF]")]
    [InlineData("a\0b\u001B[31m", "a[U+0000]b[U+001B][31m")]
    [InlineData("a\r\n\tb\u2028c", "a   b c")]
    [InlineData("\uE000", "[U+E000]")]
    [InlineData("", "")]
    public void Characters_that_cannot_be_seen_are_named(string text, string visible) =>
        Assert.Equal(visible, VisibleText.Of(text));
}
