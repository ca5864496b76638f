using System.Text.Json.Serialization;

namespace DasAudit.Core.Reports;

/// <summary>The attribution method with every setting that changes the result.</summary>
public sealed record MethodInfo
{
    /// <summary>Method id, such as <c>das</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Seed of noise, projection and control group.</summary>
    public required long Seed { get; init; }

    /// <summary>What the scores are; null in earlier reports, see <see cref="ScoreInfo.Of(MethodInfo)"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScoreInfo? Scores { get; init; }

    /// <summary>The scalar whose gradient is taken, such as <c>mean</c>; <c>none</c> without gradients.</summary>
    public required string OutputFunction { get; init; }

    /// <summary>The timesteps, ascending; empty for methods that run no model.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>
    /// Which checkpoints and draws the gradients came from; null for one draw through the finished model alone, and for
    /// methods without gradients.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PassesInfo? Passes { get; init; }

    /// <summary>Independent noise draws, or draws of random scores; 0 for methods that draw nothing.</summary>
    public required int Replicates { get; init; }

    /// <summary>Projection as <c>KIND:DIM</c>; <c>none</c> for methods that project nothing.</summary>
    public required string Projection { get; init; }

    /// <summary>Damping rule, such as <c>df:0.1</c>.</summary>
    public required string Damping { get; init; }

    /// <summary>λ of each replicate, in units of squared feature norm.</summary>
    public required IReadOnlyList<double> DampingValues { get; init; }

    /// <summary>Residual factor: <c>rms</c> or <c>none</c>, also for methods that know none.</summary>
    public required string Residual { get; init; }

    /// <summary>Regular expression of attributed parameter names; null for all.</summary>
    public string? Parameters { get; init; }

    /// <summary>SHA-256 of the file with the inner product of gradients; null for the usual one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MetricSha256 { get; init; }

    /// <summary>In which numbers the model computed, <c>bf16</c>; null for float32.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Precision { get; init; }

    /// <summary>Size limit of the semantic tier; null for the whole dataset.</summary>
    public int? CandidateLimit { get; init; }

    /// <summary>Rights holders whose pictures were always candidates.</summary>
    public IReadOnlyList<string> IncludedOwners { get; init; } = [];

    /// <summary>Training pictures that were in the kernel but not candidates; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Background { get; init; }

    /// <summary>Retrained models that this method, or one compared with it, looked at; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetrainedInfo? Retrained { get; init; }

    /// <summary>Class the query was conditioned on; null for an unconditional model.</summary>
    public int? QueryClass { get; init; }
}
