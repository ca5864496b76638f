using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public class CsvTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a=1", "a=1")]
    [InlineData("red\u001b[31m\u0007", "red[U+001B][31m[U+0007]")]
    [InlineData("\u009b31m", "[U+009B]31m")]
    [InlineData("\u0000=1", "[U+0000]=1")]
    [InlineData("a\tb\r\nc", "a\tb\r\nc")]
    public void Formulas_and_control_characters_are_made_harmless(string text, string written) =>
        Assert.Equal(written, CsvText.Harmless(text));

    [Fact]
    public void Numbers_are_written_as_they_are_and_nothing_as_an_empty_cell()
    {
        using var writer = new StringWriter();
        CsvText.Write(
            writer,
            ["a", "b", "c"],
            [
                [-1.5, null, "-1.5"],
                [1e-300, 7, "x,\"y\""],
            ]
        );

        Assert.Equal("a,b,c\n-1.5,,'-1.5\n1E-300,7,\"x,\"\"y\"\"\"\n", writer.ToString());
    }
}
