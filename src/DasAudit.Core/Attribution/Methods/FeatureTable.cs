using DasAudit.Abstractions;
using DasAudit.Core.Gradients;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>Features of queries and rows, from the same passes of the same checkpoint.</summary>
/// <param name="queries">Of each query.</param>
/// <param name="rows">Of each row, members first.</param>
/// <param name="members">Number of members.</param>
public sealed class FeatureTable(IReadOnlyList<PictureFeatures> queries, IReadOnlyList<PictureFeatures> rows, int members)
{
    /// <summary>Features of training pictures that are in the kernel but not scored.</summary>
    public IReadOnlyList<PictureFeatures> Background { get; init; } = [];

    /// <summary>How many training pictures each background picture stands for; at least 1.</summary>
    public double BackgroundWeight { get; init; } = 1;

    /// <summary>Learning rate at the checkpoint, for methods that weigh by it. Default 1.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Where each layer's own sketch lies in a feature; empty where gradients were projected as a whole.</summary>
    public IReadOnlyList<LayerBlock> Layers { get; init; } = [];

    /// <summary>Number of rows that are members.</summary>
    public int Members => members;

    /// <summary>Features of each row, members first.</summary>
    public IReadOnlyList<PictureFeatures> Rows => rows;

    /// <summary>Features of each query.</summary>
    public IReadOnlyList<PictureFeatures> Queries => queries;

    /// <summary>One feature of each query.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="row">Which row of the kind: the noise draw, or the pass for a kind kept apart.</param>
    /// <returns>float64 [queries, k] in the caller's dispose scope.</returns>
    public Tensor QueryMatrix(FeatureKind kind, int row) => Matrix(queries, kind, row);

    /// <summary>One feature of each row, float64 [rows, k] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor RowMatrix(FeatureKind kind, int row) => Matrix(rows, kind, row);

    /// <summary>Φ: one feature of each member and, scaled by the root of their weight, of the background; float64 [n, k] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor KernelMatrix(FeatureKind kind, int row)
    {
        var own = Matrix(rows.Take(members), kind, row);
        return Background.Count == 0 ? own : cat([own, Matrix(Background, kind, row) * Math.Sqrt(BackgroundWeight)]);
    }

    /// <summary>
    /// What the rows of <see cref="KernelMatrix"/> should predict, put together as they are: the tangent targets of their probes
    /// (<see cref="PictureFeatures.TangentTargets"/>), float64 [n, 1] in the caller's dispose scope; null for a kind that has none.
    /// </summary>
    /// <param name="kind">Which kind; averaged, of raw gradients.</param>
    /// <param name="row">Which noise draw.</param>
    public Tensor? KernelTargets(FeatureKind kind, int row)
    {
        if (kind.Unit || kind.Apart || !rows[0].TangentTargets.ContainsKey(kind.Function)) return null;
        double[] Of(IEnumerable<PictureFeatures> pictures, double factor) => [.. pictures.Select(picture => factor * picture.TangentTargets[kind.Function][row].Average())];
        return tensor([.. Of(rows.Take(members), 1), .. Of(Background, Math.Sqrt(BackgroundWeight))]).unsqueeze(1);
    }

    /// <summary>How many training pictures each row of <see cref="KernelMatrix"/> stands for: 1, or the weight of the background.</summary>
    /// <returns>float64 [n] in the caller's dispose scope.</returns>
    public Tensor KernelWeights() => tensor([.. Enumerable.Repeat(1.0, members), .. Enumerable.Repeat(BackgroundWeight, Background.Count)]);

    /// <summary>⟨φ(z), φ_i⟩, float64 [queries, rows] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor Products(FeatureKind kind, int row)
    {
        using var scope = NewDisposeScope();
        return QueryMatrix(kind, row).matmul(RowMatrix(kind, row).t()).MoveToOuterDisposeScope();
    }

    /// <summary>Which rows of a kind belong to a replicate: its noise draws, or all their passes for a kind kept apart.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="replicate">From 0.</param>
    /// <param name="replicates">How many there are.</param>
    /// <param name="ofQueries">Whether the queries' rows are meant, which may be more.</param>
    public IEnumerable<int> RowsOf(FeatureKind kind, int replicate, int replicates, bool ofQueries = false)
    {
        var (each, rest) = Math.DivRem(Find((ofQueries ? queries : rows)[0], kind).Length, replicates);
        if (each == 0 || rest != 0) throw new AuditException($"The features of the kind {kind} are not of {replicates} noise draws; compute them anew.");
        return Enumerable.Range(replicate * each, each);
    }

    private static Tensor Matrix(IEnumerable<PictureFeatures> pictures, FeatureKind kind, int row)
    {
        using var scope = NewDisposeScope();
        return stack(pictures.Select(picture => tensor(Find(picture, kind) is var values && row < values.Length
            ? values[row]
            : throw new AuditException($"A picture has fewer features of the kind {kind} than were asked for; compute them anew.")))).to_type(float64).MoveToOuterDisposeScope();
    }

    private static float[][] Find(PictureFeatures picture, FeatureKind kind) => picture.Rows.TryGetValue(kind, out var values)
        ? values
        : throw new AuditException($"The features lack the kind {kind}; compute them anew for this method.");
}
