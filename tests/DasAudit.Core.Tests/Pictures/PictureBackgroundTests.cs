using DasAudit.Abstractions;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class PictureBackgroundTests
{
    [Theory]
    [InlineData("white", "white")]
    [InlineData("WHITE", "white")]
    [InlineData("#ffffff", "white")]
    [InlineData("Black", "black")]
    [InlineData("#000000", "black")]
    [InlineData("drop", "drop")]
    [InlineData("gray", "#808080")]
    [InlineData("LightGray", "#d3d3d3")]
    [InlineData("#Ff8000", "#ff8000")]
    public void A_background_is_read_and_written_as_it_is_read(string text, string written)
    {
        var background = PictureBackground.Parse(text);
        Assert.Equal(written, background.ToString());
        Assert.Equal(background, PictureBackground.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("#fff")]
    [InlineData("#12345g")]
    [InlineData("#+12345")]
    [InlineData("ffffff")]
    [InlineData("0")]
    [InlineData("transparent")]
    [InlineData("ActiveBorder")]
    public void What_is_no_colour_is_refused(string text)
    {
        var error = Assert.Throws<AuditException>(() => PictureBackground.Parse(text));
        Assert.Equal($"'{text}' is no colour; give a name such as black, #RRGGBB, or drop.", error.Message);
    }
}
