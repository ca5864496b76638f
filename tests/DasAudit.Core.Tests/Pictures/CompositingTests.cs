using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public sealed class CompositingTests
{
    [Fact]
    public void Every_colour_and_opacity_gives_the_nearest_grey_level_to_the_blend_with_white()
    {
        for (var a = 0; a < 256; a++)
        {
            for (var c = 0; c < 256; c++)
            {
                var rgb = Compositing.On(PictureBackground.White, [(byte)c, (byte)c, 255, (byte)a], out var composited);
                var exact = c * a / 255.0 + (255 - a);
                Assert.InRange(Math.Abs(rgb[0] - exact), 0, 0.5);
                Assert.Equal((rgb[0], (byte)255, a < 255), (rgb[1], rgb[2], composited));
                if (a == 255)
                    Assert.Equal(c, rgb[0]);
            }
        }
    }

    [Fact]
    public void Any_other_background_shows_in_its_own_colour_and_drop_in_none()
    {
        byte[] rgba = [10, 20, 30, 0, 10, 20, 30, 255, 100, 0, 255, 51];
        var orange = PictureBackground.Parse("#ff8000");
        Assert.Equal([255, 128, 0, 10, 20, 30, 224, 102, 51], Compositing.On(orange, rgba, out var composited));
        Assert.True(composited);
        Assert.Equal([0, 0, 0, 10, 20, 30, 20, 0, 51], Compositing.On(PictureBackground.Black, rgba, out _));
        Assert.Equal(
            [10, 20, 30, 10, 20, 30, 100, 0, 255],
            Compositing.On(PictureBackground.Drop, rgba, out composited)
        );
        Assert.True(composited);
    }
}
