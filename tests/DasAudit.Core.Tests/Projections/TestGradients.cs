namespace DasAudit.Core.Tests.Projections;

/// <summary>Gradients made of integers and one division, so that every machine has the same.</summary>
internal static class TestGradients
{
    /// <summary>Values in about [−1, 1] of very different size.</summary>
    public static float[] Of(int length, int row = 0)
    {
        var state = 2463534242u + (uint)row * 7919;
        var values = new float[length];
        for (var j = 0; j < length; j++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            values[j] = (int)state / (float)(1L << (31 + (int)(state % 7)));
        }

        return values;
    }

    public static float[][] Rows(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(row => Of(length, row))];

    public static double SquaredNorm(float[] x) => x.Sum(v => (double)v * v);
}
