using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>How the counterfactuals of an ensemble are measured.</summary>
public sealed record EnsembleRequest
{
    /// <summary>Model, queries, methods and the folder of retrained models.</summary>
    public required EvaluationRequest Common { get; init; }

    /// <summary>Members for each training seed, at least 8. Default 32.</summary>
    public int Members { get; init; } = 32;

    /// <summary>α, the part of the dataset that a member sees, in (0, 1). Default 0.5.</summary>
    public double Part { get; init; } = 0.5;

    /// <summary>
    /// Sizes of smaller datasets, parts of the whole in (0, 1), to see how the effect of a picture depends on the
    /// number of pictures; an ensemble is trained for each. Default none.
    /// </summary>
    public IReadOnlyList<double> Pools { get; init; } = [];

    /// <summary>Groups of pictures that are left out together; null for none. Default none.</summary>
    public GroupKey? Groups { get; init; }

    /// <summary>
    /// Members under which methods are computed too, their scores averaged, since the ensemble is another model than
    /// the audited one. Default 0: under the audited model alone.
    /// </summary>
    public int ScoredMembers { get; init; }
}
