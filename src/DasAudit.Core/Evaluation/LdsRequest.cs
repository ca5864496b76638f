namespace DasAudit.Core.Evaluation;

/// <summary>How linear datamodeling scores are measured.</summary>
public sealed record LdsRequest
{
    /// <summary>Model, queries, methods and the folder of retrained models.</summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>M, the number of random parts of the dataset, at least 4. Default 32.</summary>
    public int Subsets { get; init; } = 32;

    /// <summary>α, the size of a part, in (0, 1). Default 0.5.</summary>
    public double Part { get; init; } = 0.5;

    /// <summary>Whether sets are measured by their exact effect too, beside sums of scores. Default false.</summary>
    public bool WithSets { get; init; }

    /// <summary>Whether methods with a kernel are measured under other dampings too. Default false.</summary>
    public bool WithCurve { get; init; }

    /// <summary>Where the raw losses go, absolute; null for nowhere but the study's folder.</summary>
    public string? LossesFile { get; init; }

    /// <summary>Where it is written which training pictures each model saw, absolute; null for nowhere.</summary>
    public string? PartsFile { get; init; }

    /// <summary>What was measured elsewhere, in the place of models that are trained here; null for nothing.</summary>
    public GivenLosses? Given { get; init; }
}
