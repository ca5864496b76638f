using DasAudit.Core.Pictures;

namespace DasAudit.Clip.Tests;

/// <summary>The tiny models of <c>Models/make.py</c>, whose embedding is the mean colour times a matrix.</summary>
internal static class Models
{
    /// <summary>Preprocessing that leaves an 8×8 picture's bytes as they are.</summary>
    public const string NoPreprocessing =
        """{"do_resize": false, "do_center_crop": true, "crop_size": 8, "do_rescale": false, "do_normalize": false}""";

    private static readonly float[] Weights = [1, 0, 0, 0.5f, 0, 1, 0, 0.25f, 0, 0, 1, -2];

    public static string PathOf(string model) => Path.Combine(AppContext.BaseDirectory, "Models", model + ".onnx");

    public static Picture Pattern(int seed, int width = 8, int height = 8)
    {
        var rgb = new byte[width * height * 3];
        new Random(seed).NextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    /// <summary>The picture of <c>Goldens/preprocess.py</c>.</summary>
    public static Picture Formula(int width, int height)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3);
            rgb[i] = (byte)((x * 7 + y * 13 + channel * 29) ^ (x * y));
        }

        return new Picture(width, height, rgb);
    }

    /// <summary>The weights that the models without weights of their own take from a file.</summary>
    public static byte[] WeightBytes(float scale = 1) =>
        [.. Weights.SelectMany(weight => BitConverter.GetBytes(weight * scale))];

    /// <summary>What the models make of three channel means.</summary>
    public static float[] Embedding(double[] means) =>
        [.. Enumerable.Range(0, 4).Select(d => (float)Enumerable.Range(0, 3).Sum(c => means[c] * Weights[c * 4 + d]))];

    public static double[] Means(Picture picture) =>
        [.. Enumerable.Range(0, 3).Select(c => picture.Rgb.Where((_, i) => i % 3 == c).Average(v => (double)v))];

    public static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }
}
