using static TorchSharp.torch;

namespace DasAudit.Core.Diffusion;

/// <summary>
/// Means, sums and maxima over what a batch asks about: all d values of a sample, or with the weights w of its region.
/// </summary>
internal static class RegionSums
{
    /// <summary>Σ_j w_j·x_j / Σ_j w_j of each sample, [B]; the mean of all where there is no region.</summary>
    /// <param name="values">x, [B, C, H, W].</param>
    public static Tensor Mean(this NoisyBatch batch, Tensor values) =>
        batch.Region is { } weights
            ? batch.Sum(values) / (SumOfWeights(weights) * values.shape[1])
            : values.flatten(1).mean([1]);

    /// <summary>Σ_j w_j·x_j of each sample, [B].</summary>
    public static Tensor Sum(this NoisyBatch batch, Tensor values) => batch.Weighed(values).flatten(1).sum([1L]);

    /// <summary>max_j w_j·x_j of each sample, [B]; x is not negative.</summary>
    public static Tensor Largest(this NoisyBatch batch, Tensor values) =>
        batch.Weighed(values).flatten(1).max(1).values;

    /// <summary>x_j·√w_j, [B, C, H, W]: the squares of these are the weighed squares.</summary>
    public static Tensor WeighedByRoots(this NoisyBatch batch, Tensor values) =>
        batch.Region is { } weights ? values * weights.sqrt() : values;

    private static Tensor SumOfWeights(Tensor weights) =>
        weights.shape[0] == 1 ? weights.sum() : weights.flatten(1).sum([1L]);

    private static Tensor Weighed(this NoisyBatch batch, Tensor values) =>
        batch.Region is { } weights ? values * weights : values;
}
