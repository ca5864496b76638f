namespace DasAudit.Core.Numerics;

/// <summary>Mean and standard deviation of each channel's group in one sample [L, C].</summary>
internal sealed class GroupMoments(int channels, int groups, double eps)
{
    /// <summary>μ, nearly.</summary>
    public float[] Means { get; } = new float[channels];

    /// <summary>μ − <see cref="Means"/>, which is not nothing where μ is large beside σ.</summary>
    public double[] Rests { get; } = new double[channels];

    public double[] Deviations { get; } = new double[channels];

    /// <summary>Computes the moments. The mean is taken first, because E[a²] − μ² cancels.</summary>
    public void Compute(ReadOnlySpan<float> a, ChannelSums sums)
    {
        var size = channels / groups;
        var count = (double)a.Length / groups;
        Array.Clear(Means);
        sums.Compute(a, a, Means);
        for (var c = 0; c < channels; c += size)
            Means.AsSpan(c, size).Fill((float)(Sum(sums.First.AsSpan(c, size)) / count));
        sums.Compute(a, a, Means, centred: true);
        for (var c = 0; c < channels; c += size)
        {
            var rest = Sum(sums.First.AsSpan(c, size)) / count;
            Rests.AsSpan(c, size).Fill(rest);
            Deviations.AsSpan(c, size).Fill(Math.Sqrt(Sum(sums.Second.AsSpan(c, size)) / count - rest * rest + eps));
        }
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
