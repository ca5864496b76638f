using DasAudit.Core.Activations;
using DasAudit.Core.Curvature;

namespace DasAudit.Core.Attribution;

/// <summary>
/// What a method looks at. Scored pictures are members, which the model was trained on, then decoys, which it was not.
/// The first query is the audited picture; others make null distributions.
/// </summary>
internal sealed record MethodInputs
{
    public required int Members { get; init; }

    /// <summary>Members, then decoys.</summary>
    public required int Scored { get; init; }

    public int Queries { get; init; } = 1;

    /// <summary>Noise draws that are scored independently.</summary>
    public required int Replicates { get; init; }

    /// <summary>By name of <see cref="FeatureNeed"/>, one table for each checkpoint.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FeatureTable>> Features { get; init; } =
        new Dictionary<string, IReadOnlyList<FeatureTable>>();

    /// <summary>SHA-256 of each query's pixels, hexadecimal; null unless needed.</summary>
    public IReadOnlyList<string>? QueryHashes { get; init; }

    /// <summary>Cosine of embeddings, [query][scored picture]; null without an encoder.</summary>
    public float[][]? Similarities { get; init; }

    /// <summary>Pixels in [−1, 1] by query; null unless needed.</summary>
    public IReadOnlyList<float[]>? QueryPixels { get; init; }

    /// <summary>Pixels in [−1, 1] by scored picture; null unless needed.</summary>
    public IReadOnlyList<float[]>? ScoredPixels { get; init; }

    /// <summary>Activations by <see cref="ActivationEngine"/>, each pass kept apart; null unless needed.</summary>
    public FeatureTable? Activations { get; init; }

    /// <summary>Null unless needed.</summary>
    public RetrainedModels? Retrained { get; init; }

    /// <summary>Influences by curvature, of <see cref="EkfacEngine"/>; null unless needed.</summary>
    public EkfacScores? Ekfac { get; init; }

    /// <summary>
    /// By how much the loss of each query would rise without each scored picture at the end of training, [query][scored
    /// picture]; null unless needed.
    /// </summary>
    public double[][]? Replay { get; init; }

    /// <summary>The replicate after another one, in a ring; null where there is but one.</summary>
    internal int? Another(int replicate) => Replicates > 1 ? (replicate + 1) % Replicates : null;

    /// <summary>The tables of a need, one a checkpoint; throws if they are missing or of other pictures.</summary>
    public IReadOnlyList<FeatureTable> Tables(string name)
    {
        if (!Features.TryGetValue(name, out var tables) || tables.Count == 0)
            throw new AuditException(
                $"The gradient features '{name}' are missing; compute them with features build or let audit do it."
            );
        if (tables.FirstOrDefault(any => !Fits(any)) is { } table)
            throw new AuditException(
                $"The gradient features '{name}' are of {table.Scored.Count} pictures ({table.Members} of the training "
                    + $"set) and {table.Queries.Count} queries where {Scored} ({Members}) and {Queries} are to be "
                    + "scored; compute them anew with features build."
            );
        return tables;
    }

    internal bool Fits(FeatureTable table) =>
        table.Scored.Count == Scored && table.Members == Members && table.Queries.Count == Queries;
}
