using System.Numerics;

namespace DasAudit.Core.Pictures;

/// <summary>
/// A hash that stays nearly the same when a picture is rescaled, recompressed or brightened (pHash, Zauner 2010,
/// "Implementation and benchmarking of perceptual image hash functions"): the picture is made grey and 32×32, and of
/// its discrete cosine transform the 63 lowest frequencies but the mean each give one bit, set where the coefficient
/// exceeds their median. All in integers, so that it is the same on every machine. The top bit is never set.
/// </summary>
internal static class PerceptualHash
{
    private const int Side = 32;
    private const int Frequencies = 8;
    private static readonly int[] Cosines = MakeCosines();

    public static ulong Compute(Picture picture)
    {
        var grey = Resampler.Resize(Pixels.GreyOf(picture), Side, Side, ResampleFilter.Bilinear);
        var coefficients = LowFrequencies(grey).AsSpan(1).ToArray();
        var median = coefficients.Order().ElementAt(coefficients.Length / 2);
        var hash = 0UL;
        for (var i = 0; i < coefficients.Length; i++)
            if (coefficients[i] > median)
                hash |= 1UL << i;
        return hash;
    }

    /// <summary>Hashes the mirror image: generated pictures may be mirrored where training pictures were.</summary>
    public static ulong ComputeMirrored(Picture picture) =>
        Compute(Orientation.Apply(picture, SkiaSharp.SKEncodedOrigin.TopRight));

    /// <summary>Number of bits that differ, 0 … 63; unrelated pictures lie around 32 apart.</summary>
    public static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    private static long[] LowFrequencies(byte[] grey)
    {
        var rows = new long[Side * Frequencies];
        for (var y = 0; y < Side; y++)
        for (var u = 0; u < Frequencies; u++)
        for (var x = 0; x < Side; x++)
            rows[y * Frequencies + u] += (long)grey[y * Side + x] * Cosines[u * Side + x];
        var result = new long[Frequencies * Frequencies];
        for (var v = 0; v < Frequencies; v++)
        for (var u = 0; u < Frequencies; u++)
        for (var y = 0; y < Side; y++)
            result[v * Frequencies + u] += rows[y * Frequencies + u] * Cosines[v * Side + y];
        return result;
    }

    /// <summary>cos(π (2x + 1) u / 64), times 2^14, rounded.</summary>
    private static int[] MakeCosines()
    {
        var cosines = new int[Frequencies * Side];
        for (var u = 0; u < Frequencies; u++)
        for (var x = 0; x < Side; x++)
            cosines[u * Side + x] = (int)Math.Round(Math.Cos(Math.PI * (2 * x + 1) * u / (2 * Side)) * (1 << 14));
        return cosines;
    }
}
