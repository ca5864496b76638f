using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>Makes near-duplicates: a little brighter or darker, and moved by one pixel.</summary>
internal static class NearDuplicate
{
    private const int MostShift = 8;

    private static readonly (int X, int Y)[] Moves = [(1, 0), (-1, 0), (0, 1), (0, -1)];

    /// <summary>
    /// All values are raised or lowered by 1 … 8 of 255, and the picture moved by a pixel, its border repeated.
    /// </summary>
    /// <param name="number">Of the picture: another one is changed in another way.</param>
    public static Picture Of(Picture picture, NoiseSource source, int number)
    {
        var address = new NoiseAddress(NoisePurpose.NearDuplicate, 1, number);
        var size = 1 + source.Below(address, 0, MostShift);
        var shift = source.Below(address, 1, 2) == 0 ? size : -size;
        var move = Moves[source.Below(address, 2, Moves.Length)];
        var rgb = new byte[picture.Rgb.Length];
        for (var y = 0; y < picture.Height; y++)
        for (var x = 0; x < picture.Width; x++)
        {
            var fromX = Math.Clamp(x - move.X, 0, picture.Width - 1);
            var fromY = Math.Clamp(y - move.Y, 0, picture.Height - 1);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = picture.Rgb[3 * (fromY * picture.Width + fromX) + channel] + shift;
                rgb[3 * (y * picture.Width + x) + channel] = (byte)Math.Clamp(value, 0, byte.MaxValue);
            }
        }

        return new(picture.Width, picture.Height, rgb);
    }
}
