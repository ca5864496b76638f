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
                var rgb = Compositing.OnWhite([(byte)c, (byte)c, 255, (byte)a], out var composited);
                var exact = c * a / 255.0 + (255 - a);
                Assert.InRange(Math.Abs(rgb[0] - exact), 0, 0.5);
                Assert.Equal((rgb[0], (byte)255, a < 255), (rgb[1], rgb[2], composited));
                if (a == 255)
                    Assert.Equal(c, rgb[0]);
            }
        }
    }
}
