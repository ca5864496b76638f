using DasAudit.Core.Features;
using DasAudit.Core.Files;

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

    /// <exception cref="AuditException">There are fewer timesteps than that.</exception>
    internal int[] TimestepGrid(int trainTimesteps) =>
        Timesteps <= trainTimesteps
            ? [.. Enumerable.Range(0, Timesteps).Select(j => (int)((4L * j + 1) * trainTimesteps / (4L * Timesteps)))]
            : throw new AuditException(
                $"{Settings.Name("truth-timesteps")} {Timesteps} does not fit the model's {trainTimesteps} timesteps; "
                    + "choose fewer."
            );

    internal GradientOptions Passes(int trainTimesteps) =>
        new()
        {
            ChosenTimesteps = TimestepGrid(trainTimesteps),
            Replicates = Draws,
            Seed = Seed,
        };
}
