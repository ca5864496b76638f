namespace DasAudit.Core.Evaluation.Outputs;

/// <summary>How it is measured what the change of a generated picture follows.</summary>
public sealed record OutputsRequest
{
    /// <summary>
    /// Model, queries and the folder of retrained models; methods and what is held out are not looked at.
    /// </summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>M, the number of random parts of the dataset, at least 4. Default 32.</summary>
    public int Subsets { get; init; } = 32;

    /// <summary>α, the size of a part, in (0, 1). Default 0.5.</summary>
    public double Part { get; init; } = 0.5;
}
