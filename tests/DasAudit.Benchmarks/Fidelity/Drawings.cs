using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;

namespace DasAudit.Benchmarks.Fidelity;

/// <summary>Pictures by a seed: a gradient between two colours, and on it some rectangles and discs.</summary>
internal static class Drawings
{
    private const int MostShapes = 4;

    public static ModelPicture[] Draw(int count, ImageShape shape) =>
        [.. Enumerable.Range(0, count).Select(i => new ModelPicture($"drawing {i}", () => Drawing(new(i), shape)))];

    private static float[] Drawing(NoiseSource seed, ImageShape shape)
    {
        var position = 0;
        var (from, to) = (Colour(), Colour());
        var (slopeX, slopeY) = (Uniform() * 2 - 1, Uniform() * 2 - 1);
        var values = new float[shape.Length];
        Paint(
            (x, y) => true,
            (x, y, c) => from[c] + (to[c] - from[c]) * Math.Clamp(0.5 + slopeX * (x - 0.5) + slopeY * (y - 0.5), 0, 1)
        );
        for (var left = 1 + seed.Below(new(NoisePurpose.Attribution, 0, 0), position++, MostShapes); left > 0; left--)
        {
            var (centreX, centreY, width, height, disc, colour) = (
                Uniform(),
                Uniform(),
                0.1 + 0.3 * Uniform(),
                0.1 + 0.3 * Uniform(),
                Uniform() < 0.5,
                Colour()
            );
            Paint(
                (x, y) =>
                    disc
                        ? Math.Pow((x - centreX) / width, 2) + Math.Pow((y - centreY) / width, 2) < 1
                        : Math.Abs(x - centreX) < width && Math.Abs(y - centreY) < height,
                (_, _, c) => colour[c]
            );
        }

        return values;

        void Paint(Func<double, double, bool> covers, Func<double, double, int, double> colour)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var (x, y) = (
                    (i % shape.Width + 0.5) / shape.Width,
                    (i / shape.Width % shape.Height + 0.5) / shape.Height
                );
                if (covers(x, y))
                    values[i] = (float)colour(x, y, i / (shape.Width * shape.Height));
            }
        }

        double[] Colour() => [.. Enumerable.Range(0, shape.Channels).Select(_ => Uniform() * 2 - 1)];

        double Uniform() => seed.Below(new(NoisePurpose.Attribution, 0, 0), position++, 1 << 24) / (double)(1 << 24);
    }
}
