using DasAudit.Core.Features;

namespace DasAudit.Core.Retraining;

/// <summary>
/// Where the losses of queries under retrained models are taken: the same for all models and queries.
/// </summary>
public sealed record TruthOptions
{
    /// <summary>K, at ⌊(j + ¼)·T/K⌋: for K = 25 and T = 1000 at 10, 50 … 970. Default 25.</summary>
    public int Timesteps { get; init; } = 25;

    /// <summary>Noise draws at each timestep. Default 4.</summary>
    public int Draws { get; init; } = 4;

    /// <summary>Seed of the noise; other than that of features, which must not know it. Default 1.</summary>
    public long Seed { get; init; } = 1;

    internal int[] TimestepGrid(int trainTimesteps) =>
        [.. Enumerable.Range(0, Timesteps).Select(j => (int)((4L * j + 1) * trainTimesteps / (4L * Timesteps)))];

    internal GradientOptions Passes(int trainTimesteps) =>
        new()
        {
            ChosenTimesteps = [.. TimestepGrid(trainTimesteps).Distinct()],
            Replicates = Draws,
            Seed = Seed,
        };
}
