using DasAudit.Core.Activations;
using DasAudit.Core.Curvature;

namespace DasAudit.Core.Attribution;

/// <summary>
/// What a method looks at. Scored pictures are first the members, which the model was trained on, then decoys, which it
/// was not. Queries are the audited picture first, then others for null distributions.
/// </summary>
internal sealed record MethodInputs
{
    /// <summary>Number of scored pictures that are members.</summary>
    public required int Members { get; init; }

    /// <summary>Number of scored pictures: members, then decoys.</summary>
    public required int Scored { get; init; }

    /// <summary>Number of queries.</summary>
    public int Queries { get; init; } = 1;

    /// <summary>Noise draws that are scored independently.</summary>
    public required int Replicates { get; init; }

    /// <summary>By name of <see cref="FeatureNeed"/>, one table for each checkpoint.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FeatureTable>> Features { get; init; } =
        new Dictionary<string, IReadOnlyList<FeatureTable>>();

    /// <summary>Cosine of embeddings, [query][scored picture]; null without an encoder.</summary>
    public float[][]? Similarities { get; init; }

    /// <summary>Pixels in [−1, 1], one array a query; null unless needed.</summary>
    public IReadOnlyList<float[]>? QueryPixels { get; init; }

    /// <summary>Pixels in [−1, 1], one array a scored picture; null unless needed.</summary>
    public IReadOnlyList<float[]>? ScoredPixels { get; init; }

    /// <summary>
    /// Activations of queries, scored pictures and background, each pass kept apart: what
    /// <see cref="ActivationEngine"/> computes. Null unless needed.
    /// </summary>
    public FeatureTable? Activations { get; init; }

    /// <summary>Models retrained on some of the members; null unless needed.</summary>
    public RetrainedModels? Retrained { get; init; }

    /// <summary>Influences by curvature: what <see cref="EkfacEngine"/> computes. Null unless needed.</summary>
    public EkfacScores? Ekfac { get; init; }

    /// <summary>The replicate after another one, in a ring; null where there is but one.</summary>
    internal int? Another(int replicate) => Replicates > 1 ? (replicate + 1) % Replicates : null;

    /// <summary>The tables of a need, one for each checkpoint.</summary>
    /// <exception cref="AuditException">They were not computed, or of other pictures than are to be scored.</exception>
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

    /// <summary>Whether a table is of the pictures that are to be scored.</summary>
    internal bool Fits(FeatureTable table) =>
        table.Scored.Count == Scored && table.Members == Members && table.Queries.Count == Queries;
}
