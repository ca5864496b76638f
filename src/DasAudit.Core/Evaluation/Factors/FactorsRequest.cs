using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Factors;

/// <summary>By what pictures are alike, and how long the tops are that are looked at.</summary>
public sealed record FactorsRequest
{
    /// <summary>Model, held-out queries and methods.</summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>What the dataset states of training and of held-out pictures; at least one.</summary>
    public required IReadOnlyList<GroupKey> By { get; init; }

    /// <summary>Lengths of the tops of a ranking, at least 1 each. Default 1 and 10.</summary>
    public IReadOnlyList<int> Tops { get; init; } = [1, 10];
}
