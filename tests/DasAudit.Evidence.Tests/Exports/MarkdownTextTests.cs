using DasAudit.Evidence.Exports;

namespace DasAudit.Evidence.Tests.Exports;

public class MarkdownTextTests
{
    [Theory]
    [InlineData("Google LLC", "Google LLC")]
    [InlineData("Twitter, Inc. and (other) contributors - 2.0", "Twitter, Inc. and (other) contributors - 2.0")]
    [InlineData("*a* _b_ `c` ~d~", @"\*a\* \_b\_ \`c\` \~d\~")]
    [InlineData("[a](javascript:b)", @"\[a\](javascript\:b)")]
    [InlineData("![a](b)", @"\!\[a\](b)")]
    [InlineData("<script>&amp;", @"\<script\>\&amp;")]
    [InlineData("a|b\\|c", @"a\|b\\\|c")]
    [InlineData("https://example.org www.example.org a@b.c", @"https\://example.org www\.example.org a\@b.c")]
    [InlineData("note: this", "note: this")]
    [InlineData("a\nb\r\n# c", @"a b  \# c")]
    [InlineData("a\u202Eb", @"a\[U+202E\]b")]
    public void Nothing_within_a_line_is_markup(string text, string markdown) =>
        Assert.Equal(markdown, MarkdownText.Inline(text));

    [Theory]
    [InlineData("1. a", @"1\. a")]
    [InlineData("12) a", @"12\) a")]
    [InlineData("12 a", "12 a")]
    [InlineData("- a", @"\- a")]
    [InlineData("+ a", @"\+ a")]
    [InlineData("# a", @"\# a")]
    [InlineData("   - a", @"\- a")]
    [InlineData("plain", "plain")]
    public void Nothing_that_begins_a_line_is_markup(string text, string markdown) =>
        Assert.Equal(markdown, MarkdownText.Line(text));

    [Theory]
    [InlineData("a.png", "`a.png`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("``", "``` `` ```")]
    [InlineData("a|b", @"`a\|b`")]
    [InlineData("a\nb", "`a b`")]
    [InlineData("", "")]
    public void Code_cannot_be_left(string text, string markdown) => Assert.Equal(markdown, MarkdownText.Code(text));
}
