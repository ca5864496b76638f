using DasAudit.Abstractions;
using DasAudit.Core.Gradients.Projections;

namespace DasAudit.Core.Gradients;

/// <summary>How per-sample gradient features are taken.</summary>
public sealed record GradientOptions
{
    /// <summary>K, the number of timesteps, 1 … T. Default 10.</summary>
    public int Timesteps { get; init; } = 10;

    /// <summary>R, the number of independent noise draws, at least 1. Default 4.</summary>
    public int Replicates { get; init; } = 4;

    /// <summary>Seed of the noise and of the projection. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The projection. Default <c>sjlt:4096</c>.</summary>
    public ProjectionOptions Projection { get; init; } = new();

    /// <summary>Regular expression that a parameter's name must match somewhere to be attributed. Default null: all parameters.</summary>
    public string? Parameters { get; init; }

    /// <summary>
    /// About how many bytes a worker may use for one batch of timesteps; more timesteps than fit are taken in several batches, which changes no
    /// more than the rounding of sums. Default 512 MiB.
    /// </summary>
    public long BatchBytes { get; init; } = 512L << 20;

    /// <summary>
    /// The K timesteps, ascending: the midpoints ⌊(j + ½)·T/K⌋ of K equal strata, so that no timestep is the noiseless t = 0.
    /// </summary>
    /// <exception cref="AuditException">K does not fit T.</exception>
    public int[] TimestepGrid(int trainTimesteps)
    {
        if (Timesteps < 1 || Timesteps > trainTimesteps)
            throw new AuditException($"--timesteps {Timesteps} does not fit the model's {trainTimesteps} timesteps; choose 1 to {trainTimesteps}.");
        return [.. Enumerable.Range(0, Timesteps).Select(j => (int)((2L * j + 1) * trainTimesteps / (2L * Timesteps)))];
    }
}
