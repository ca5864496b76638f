namespace DasAudit.Core.Planning;

/// <summary>What a run will cost.</summary>
/// <param name="Stages">In order.</param>
/// <param name="MemoryBytes">Most memory of the process.</param>
/// <param name="DiskBytes">What is kept: features in float32 and embeddings.</param>
public sealed record RunPlan(IReadOnlyList<StagePlan> Stages, long MemoryBytes, long DiskBytes)
{
    /// <summary>
    /// Seconds that one worker takes for one noised picture, through the network and back; null where no gradients are
    /// taken.
    /// </summary>
    public double? PassSeconds { get; init; }

    /// <summary>Of all stages.</summary>
    public double Seconds => Stages.Sum(stage => stage.Seconds);
}

/// <summary>A stage of a run.</summary>
/// <param name="Stage">As the report's timings name it.</param>
/// <param name="Pictures">Pictures that it works on.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
public sealed record StagePlan(string Stage, int Pictures, double Seconds);
