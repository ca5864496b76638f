namespace DasAudit.Core.Evaluation;

/// <summary>What an evaluation found on one model and dataset.</summary>
public abstract record EvaluationResult
{
    /// <summary>The schema of this document, <c>das-audit/EVALUATION/1</c>.</summary>
    public abstract string Schema { get; }

    /// <summary>SHA-256 of the audited model; see <see cref="Models.ModelSource.HashOf"/>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Merkle root of the training set.</summary>
    public required string DatasetRoot { get; init; }
}
