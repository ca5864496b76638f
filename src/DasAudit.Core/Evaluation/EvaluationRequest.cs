using DasAudit.Core.Audits;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>What is held against what happens when the model is trained again.</summary>
public sealed record EvaluationRequest
{
    /// <summary>Model, dataset and methods; its pictures are the queries that the model generated.</summary>
    public required AuditRequest Audit { get; init; }

    /// <summary>
    /// Further queries, which the model neither made nor saw: a folder, or <c>split:NAME</c>, the dataset's split,
    /// whose other pictures are then the training pictures. Null for none.
    /// </summary>
    public string? HeldOut { get; init; }

    /// <summary>How many of them, the first by name; null for all.</summary>
    public int? HeldOutCount { get; init; }

    /// <summary>
    /// The folder of retrained models, absolute; what is finished there is used again. Empty where none are trained.
    /// </summary>
    public required string Study { get; init; }

    /// <summary>
    /// Seeds of training: each subset is trained on with each. Default the audited model's own alone.
    /// </summary>
    public int TrainingSeeds { get; init; } = 1;

    /// <summary>Where the truth is taken.</summary>
    public TruthOptions Truth { get; init; } = new();

    /// <summary>The models to train in this process; when it is not all of them, nothing else is done.</summary>
    public JobShare Share { get; init; } = JobShare.All;

    /// <summary>Bootstrap draws of the intervals. Default 1000.</summary>
    public int BootstrapDraws { get; init; } = 1000;
}
