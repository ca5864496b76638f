using DasAudit.Core.Pictures;
using SkiaSharp;

namespace DasAudit.Core.Tests.Pictures;

public sealed class PerceptualHashTests
{
    private const int Seeds = 40;

    /// <summary>A picture with shapes of its own: a few soft blobs of colour.</summary>
    public static Picture Scene(int seed, int width = 96, int height = 80)
    {
        var random = new Random(seed);
        var light = Enumerable.Repeat(128.0, width * height * 3).ToArray();
        for (var blob = 0; blob < 12; blob++)
        {
            var radius = 0.04 + random.NextDouble() * 0.15;
            double[] Bell(int length)
            {
                var center = random.NextDouble();
                return
                [
                    .. Enumerable
                        .Range(0, length)
                        .Select(i => Math.Exp(-Math.Pow(((i + 0.5) / length - center) / radius, 2))),
                ];
            }

            var (across, down) = (Bell(width), Bell(height));
            int[] colour = [random.Next(-60, 60), random.Next(-60, 60), random.Next(-60, 60)];
            for (var i = 0; i < light.Length; i++)
                light[i] += colour[i % 3] * across[i / 3 % width] * down[i / 3 / width];
        }

        byte[] rgb = [.. light.Select(v => (byte)Math.Clamp(v, 0, 255))];
        return new Picture(width, height, rgb);
    }

    private static int Moved(int seed, Func<Picture, Picture> change) =>
        PerceptualHash.Distance(PerceptualHash.Compute(Scene(seed)), PerceptualHash.Compute(change(Scene(seed))));

    private static Picture Map(Picture p, Func<byte, double> level) =>
        p with
        {
            Rgb = [.. p.Rgb.Select(v => (byte)Math.Clamp(Math.Round(level(v)), 0, 255))],
        };

    private static Picture Resize(Picture p, int width, int height) =>
        new(width, height, Resampler.Resize(Pixels.Of(p), width, height, ResampleFilter.Bicubic));

    private static Picture Jpeg(Picture p)
    {
        using var bitmap = SKBitmap.Decode(PictureWriter.Png(p));
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 40);
        return PictureReader.Decode(data.ToArray(), "jpeg");
    }

    [Fact]
    public void Brightness_contrast_size_and_compression_leave_the_hash_within_the_default_distance()
    {
        var changes = new (string Name, Func<Picture, Picture> Change)[]
        {
            ("brighter", p => Map(p, v => v + 20)),
            ("darker", p => Map(p, v => v - 20)),
            ("more contrast", p => Map(p, v => (v - 128) * 1.2 + 128)),
            ("half the size", p => Resize(p, 48, 40)),
            ("twice the size", p => Resize(p, 192, 160)),
            ("another shape", p => Resize(p, 128, 64)),
            ("JPEG of quality 40", Jpeg),
        };
        foreach (var (name, change) in changes)
        {
            var worst = Enumerable.Range(0, Seeds).Max(seed => Moved(seed, change));
            Assert.True(worst <= 8, $"{name} moved {worst} bits");
        }
    }

    [Fact]
    public void Different_pictures_lie_far_apart()
    {
        var hashes = Enumerable.Range(0, Seeds).Select(s => PerceptualHash.Compute(Scene(s))).ToList();
        var distances =
            from i in Enumerable.Range(0, Seeds)
            from j in Enumerable.Range(0, i)
            select PerceptualHash.Distance(hashes[i], hashes[j]);
        Assert.True(distances.Min() > 8);
        Assert.InRange(distances.Average(), 24, 36);
    }

    [Fact]
    public void The_mirrored_hash_is_the_hash_of_the_mirrored_picture()
    {
        var scene = Scene(1, 32, 32);
        var mirrored = new byte[scene.Rgb.Length];
        for (var i = 0; i < 32 * 32; i++)
            scene.Rgb.AsSpan(i * 3, 3).CopyTo(mirrored.AsSpan((i / 32 * 32 + 31 - i % 32) * 3));
        Assert.Equal(PerceptualHash.Compute(scene with { Rgb = mirrored }), PerceptualHash.ComputeMirrored(scene));
        Assert.NotEqual(PerceptualHash.Compute(scene), PerceptualHash.ComputeMirrored(scene));
    }

    [Fact]
    public void The_bits_are_the_cosine_transform_against_its_median()
    {
        var scene = Scene(5, 32, 32);
        var grey = PictureTensor.Grey(scene);
        var coefficients = new List<double>();
        for (var i = 1; i < 64; i++)
        {
            var (u, v) = (i % 8, i / 8);
            coefficients.Add(
                Enumerable
                    .Range(0, 1024)
                    .Sum(p =>
                        grey[p]
                        * Math.Cos(Math.PI * (2 * (p % 32) + 1) * u / 64)
                        * Math.Cos(Math.PI * (2 * (p / 32) + 1) * v / 64)
                    )
            );
        }

        var median = coefficients.Order().ElementAt(31);
        var expected = coefficients.Select((c, i) => c > median ? 1UL << i : 0).Aggregate((a, b) => a | b);
        Assert.Equal(expected, PerceptualHash.Compute(scene));
    }
}
