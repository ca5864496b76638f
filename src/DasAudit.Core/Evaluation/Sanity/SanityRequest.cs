namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>How methods are checked.</summary>
public sealed record SanityRequest
{
    /// <summary>Fewer models than these cannot tell whether p-values are uniform.</summary>
    public const int FewestSubsets = 8;

    /// <summary>Model, queries, methods and the folder of planted pictures and retrained models.</summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>
    /// How many models of random halves tell whether p-values of pictures that they did not see are uniform; 0, the
    /// default, to train none.
    /// </summary>
    public int Subsets { get; init; }
}
