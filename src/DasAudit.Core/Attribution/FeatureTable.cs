using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>Features of queries and rows, from the same passes of the same checkpoint.</summary>
/// <param name="queries">Of each query.</param>
/// <param name="rows">Of each row, members first.</param>
/// <param name="members">Number of members.</param>
public sealed class FeatureTable(
    IReadOnlyList<PictureFeatures> queries,
    IReadOnlyList<PictureFeatures> rows,
    int members
)
{
    /// <summary>Features of training pictures that are in the kernel but not scored.</summary>
    public IReadOnlyList<PictureFeatures> Background { get; init; } = [];

    /// <summary>How many training pictures each background picture stands for; at least 1.</summary>
    public double BackgroundWeight { get; init; } = 1;

    /// <summary>Learning rate at the checkpoint, for methods that weigh by it. Default 1.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Where each layer's own sketch lies in a feature; empty where gradients were projected as a whole.</summary>
    public IReadOnlyList<LayerBlock> Layers { get; init; } = [];

    /// <summary>How features of many pictures are worked with.</summary>
    public StreamingOptions Streaming { get; init; } = new();

    /// <summary>Number of rows that are members.</summary>
    public int Members => members;

    /// <summary>Features of each row, members first.</summary>
    public FeatureSet Rows { get; } = FeatureSet.Of(rows);

    /// <summary>Features of each query.</summary>
    public FeatureSet Queries { get; } = FeatureSet.Of(queries);

    /// <summary>One feature of each query.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="row">Which row of the kind: the noise draw, or the pass for a kind kept apart.</param>
    /// <returns>float64 [queries, k] in the caller's dispose scope.</returns>
    public Tensor QueryMatrix(FeatureKind kind, int row) => Queries.Matrix(kind, row);

    /// <summary>One feature of each row, float64 [rows, k] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor RowMatrix(FeatureKind kind, int row) => Rows.Matrix(kind, row);

    /// <summary>One feature of each decoy, float64 [rows − members, k] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor DecoyMatrix(FeatureKind kind, int row) =>
        Rows.Take(Enumerable.Range(members, Rows.Count - members)).Matrix(kind, row);

    /// <summary>Φ: one feature of each member and, scaled by the root of their weight, of the background; float64 [n, k] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor KernelMatrix(FeatureKind kind, int row)
    {
        using var scope = NewDisposeScope();
        var own = MemberFeatures().Matrix(kind, row);
        return (
            Background.Count == 0
                ? own
                : cat([own, FeatureSet.Of(Background).Matrix(kind, row) * Math.Sqrt(BackgroundWeight)])
        ).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The kernel K = (1/m)·Σ ΦᵀΦ of m kinds, Φ as <see cref="KernelMatrix"/> has it, whose rows are those of one kind after the other, times √(1/m). Where
    /// they are too many for memory they are read again each time they are needed.
    /// </summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="row">Which row of each kind.</param>
    internal RidgeKernel Kernel(IReadOnlyList<FeatureKind> kinds, int row)
    {
        var blocks = new StackedBlocks([
            .. kinds.SelectMany(kind =>
                new (IFeatureBlocks, double)[]
                {
                    (MemberFeatures().Blocks(kind, row), 1 / Math.Sqrt(kinds.Count)),
                    (FeatureSet.Of(Background).Blocks(kind, row), Math.Sqrt(BackgroundWeight / kinds.Count)),
                }
            ),
        ]);
        if (Streaming.Exceeded(blocks))
            return RidgeKernel.Factorise(blocks, Streaming.Workers, Streaming.Cancellation);
        using var scope = NewDisposeScope();
        return RidgeKernel.Factorise(
            kinds.Count == 1
                ? KernelMatrix(kinds[0], row)
                : cat([.. kinds.Select(kind => KernelMatrix(kind, row))]) / Math.Sqrt(kinds.Count)
        );
    }

    /// <summary>
    /// What the rows of <see cref="Kernel"/> should predict, put together as they are: the tangent targets of their probes
    /// (<see cref="PictureFeatures.TangentTargets"/>), float64 [n, 1] in the caller's dispose scope; null where a kind has none.
    /// </summary>
    /// <inheritdoc cref="Kernel"/>
    internal Tensor? KernelTargets(IReadOnlyList<FeatureKind> kinds, int row)
    {
        if (kinds.Any(kind => kind.Unit || kind.Apart))
            return null;
        var targets = new List<double>();
        foreach (var kind in kinds)
        {
            if (MemberFeatures().TangentTargets(kind.Function, row) is not { } own)
                return null;
            targets.AddRange(own.Select(passes => passes.Average() / Math.Sqrt(kinds.Count)));
            if (Background.Count > 0)
                targets.AddRange(
                    FeatureSet
                        .Of(Background)
                        .TangentTargets(kind.Function, row)!
                        .Select(passes => passes.Average() * Math.Sqrt(BackgroundWeight / kinds.Count))
                );
        }

        return tensor(targets.ToArray()).unsqueeze(1);
    }

    /// <summary>How many training pictures each row of <see cref="KernelMatrix"/> stands for: 1, or the weight of the background.</summary>
    /// <returns>float64 [n] in the caller's dispose scope.</returns>
    public Tensor KernelWeights() =>
        tensor([.. Enumerable.Repeat(1.0, members), .. Enumerable.Repeat(BackgroundWeight, Background.Count)]);

    /// <summary>⟨φ(z), φ_i⟩, float64 [queries, rows] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor Products(FeatureKind kind, int row)
    {
        using var scope = NewDisposeScope();
        return Products(QueryMatrix(kind, row), kind, row).MoveToOuterDisposeScope();
    }

    /// <summary>⟨a, φ_i⟩ of some vectors with one feature of each row, float64 [m, rows] in the caller's dispose scope.</summary>
    /// <param name="vectors">float64 [m, k].</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="row">Which row of the kind.</param>
    public Tensor Products(Tensor vectors, FeatureKind kind, int row)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var blocks = Rows.Blocks(kind, row);
        using var scope = NewDisposeScope();
        return (
            Streaming.Exceeded(blocks)
                ? tensor(
                    BlockProducts.Of(
                        vectors.contiguous().data<double>().ToArray(),
                        blocks,
                        Streaming.Workers,
                        Streaming.Cancellation
                    ),
                    [vectors.shape[0], blocks.Count]
                )
                : vectors.matmul(RowMatrix(kind, row).t())
        ).MoveToOuterDisposeScope();
    }

    /// <summary>‖φ_i‖ of each row, float64 [rows] in the caller's dispose scope.</summary>
    /// <inheritdoc cref="QueryMatrix"/>
    public Tensor Lengths(FeatureKind kind, int row) =>
        OfRows(kind, row, features => features.square().sum([1L]).sqrt());

    /// <summary>A number for each row that depends on its feature alone, float64 [rows] in the caller's dispose scope.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="row">Which row of the kind.</param>
    /// <param name="compute">From some rows' features, float64 [m, k], float64 [m].</param>
    internal Tensor OfRows(FeatureKind kind, int row, Func<Tensor, Tensor> compute)
    {
        const int Most = 4096;
        using var scope = NewDisposeScope();
        return cat([
                .. Enumerable
                    .Range(0, Rows.Count)
                    .Chunk(Most)
                    .Select(some =>
                    {
                        using var own = NewDisposeScope();
                        return compute((Rows.Count <= Most ? Rows : Rows.Take(some)).Matrix(kind, row))
                            .MoveToOuterDisposeScope();
                    }),
            ])
            .MoveToOuterDisposeScope();
    }

    /// <summary>Which rows of a kind belong to a replicate: its noise draws, or all their passes for a kind kept apart.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="replicate">From 0.</param>
    /// <param name="replicates">How many there are.</param>
    /// <param name="ofQueries">Whether the queries' rows are meant, which may be more.</param>
    public IEnumerable<int> RowsOf(FeatureKind kind, int replicate, int replicates, bool ofQueries = false)
    {
        var (each, rest) = Math.DivRem((ofQueries ? Queries : Rows).RowsOf(kind), replicates);
        if (each == 0 || rest != 0)
            throw new AuditException(
                $"The features of the kind {kind} are not of {replicates} noise draws; compute them anew."
            );
        return Enumerable.Range(replicate * each, each);
    }

    private FeatureSet MemberFeatures() => Rows.Count == members ? Rows : Rows.Take(Enumerable.Range(0, members));
}
