using DasAudit.Core.Candidates;

namespace DasAudit.Core.Evaluation.Recall;

/// <summary>How it is measured what is lost where fewer pictures are scored.</summary>
public sealed record RecallRequest
{
    /// <summary>Model, queries and methods. Its background is in the kernels of fewer candidates too.</summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>What candidates are chosen by, each alone; at least one. They stay the caller's.</summary>
    public required IReadOnlyList<IImageEncoder> Encoders { get; init; }

    /// <summary>
    /// Parts of the dataset that a semantic tier brings in, in (0, 1]. Default 1, 0.5, 0.3, 0.2, 0.1, 0.05.
    /// </summary>
    public IReadOnlyList<double> Parts { get; init; } = [1, 0.5, 0.3, 0.2, 0.1, 0.05];
}
