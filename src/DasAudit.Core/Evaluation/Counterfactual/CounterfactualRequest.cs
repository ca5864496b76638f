namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>How it is measured what generated pictures become without the pictures that methods put first.</summary>
public sealed record CounterfactualRequest
{
    /// <summary>
    /// Model, queries, methods and the folder of models; what is held out is not looked at. Pictures are compared by
    /// meaning too where there is an encoder.
    /// </summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>The part of the training pictures that is left out, in (0, 1). Default 0.1.</summary>
    public double Fraction { get; init; } = 0.1;

    /// <summary>The most queries, at least 2, the first of those given. Default 30.</summary>
    public int Queries { get; init; } = 30;

    /// <summary>Draws of as many random pictures to leave out, the same for all queries. Default 5.</summary>
    public int RandomRemovals { get; init; } = 5;
}
