using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// How well training pictures find themselves across noise draws: asked with the features of picture i from another
/// draw, the kernel should rank i first by (φ′_iᵀ·K_λ⁻¹·φ_j)², ties halfway.
/// </summary>
internal static class SelfRecall
{
    /// <summary>Most pictures that are asked for; of more, as many evenly spaced ones.</summary>
    public const int LargestSample = 256;

    // Equal pictures have equal scores but for rounding.
    private const double Tie = 1e-9;

    public static long[] Sample(int pictures)
    {
        var count = Math.Min(pictures, LargestSample);
        return [.. Enumerable.Range(0, count).Select(i => (long)i * pictures / count)];
    }

    /// <summary>1/rank of each asked picture among the members.</summary>
    /// <param name="rows">The asked pictures' features from another draw.</param>
    /// <param name="members">How many of the kernel's rows, from the first, are ranked.</param>
    public static double[] ReciprocalRanks(
        RidgeKernel kernel,
        KernelRows rows,
        long[] sample,
        int members,
        double damping
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var scores = kernel.WithMembers(rows, damping).narrow(1, 0, members).square();
        var ofItself = scores.gather(1, tensor(sample).unsqueeze(1));
        var above = (scores > ofItself * (1 + Tie)).sum([1L], type: float64);
        var notBelow = (scores >= ofItself * (1 - Tie)).sum([1L], type: float64);
        // Of the rest, those that tie, one is the picture itself.
        return [.. (1 / (1 + above + (notBelow - above - 1) / 2)).data<double>()];
    }

    /// <summary>Mean and its standard error; 0 for a single value.</summary>
    public static (double Mean, double StandardError) Summary(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        var variance = values.Count < 2 ? 0 : values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return (mean, Math.Sqrt(variance / values.Count));
    }
}
