using System.Text.Json.Serialization;

namespace DasAudit.Core.Reports;

/// <summary>Which passes through which models a method's gradients came from.</summary>
/// <param name="Checkpoints">Those that were averaged over, earliest first.</param>
/// <param name="Timesteps">The timesteps, ascending.</param>
/// <param name="Draws">Noise draws at each timestep in each replicate.</param>
public sealed record PassesInfo(IReadOnlyList<CheckpointInfo> Checkpoints, IReadOnlyList<int> Timesteps, int Draws)
{
    /// <summary>Whether each pass (a timestep, a draw) was scored by itself; else passes were averaged.</summary>
    public required bool Apart { get; init; }

    /// <summary>Whether others are of the same passes.</summary>
    public bool SameAs(PassesInfo? other) =>
        other is not null
        && Checkpoints.SequenceEqual(other.Checkpoints)
        && Timesteps.SequenceEqual(other.Timesteps)
        && (Draws, Apart) == (other.Draws, other.Apart);
}

/// <summary>A model that gradients were taken of.</summary>
/// <param name="WeightsSha256">SHA-256 of its weights, as of <see cref="ModelInfo.WeightsSha256"/>.</param>
public sealed record CheckpointInfo(string WeightsSha256)
{
    /// <summary>Training steps that it had done; null for the finished model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Step { get; init; }

    /// <summary>Training steps of the whole run; null for the finished model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Steps { get; init; }

    /// <summary>SHA-256 of the file with the inner product of its gradients; null for the usual one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MetricSha256 { get; init; }
}
