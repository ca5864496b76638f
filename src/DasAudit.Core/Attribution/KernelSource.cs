using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>
/// What K = (1/m)·Σ ΦᵀΦ is made of: m rows of each member and background picture, one of each kind or, of kinds kept
/// apart, all passes of a noise draw.
/// </summary>
/// <param name="Row">The row of features that are not kept apart.</param>
internal sealed record KernelSource(FeatureTable Table, IReadOnlyList<FeatureKind> Kinds, int Row)
{
    /// <summary>The rows of each kind; default <see cref="Row"/> alone.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [Row];

    /// <summary>m.</summary>
    public int RowsOfPicture => Kinds.Count * Rows.Count;

    /// <summary>The row that holds the first of the rows from another noise draw; null where there is none.</summary>
    public int? RecalledRow { get; init; }

    /// <summary>A query's features that are scored with the kernel itself. Default that of the first kind.</summary>
    public IReadOnlyList<FeatureRow> QueryRows { get; init; } = [new(Kinds[0], Row)];

    /// <summary>
    /// Factorises the kernel, which the caller disposes. Its rows are those of one kind after the other, times √(1/m);
    /// where they are too many for memory they are read anew each time.
    /// </summary>
    public RidgeKernel Factorise()
    {
        var blocks = new StackedBlocks([.. Features().SelectMany(Blocks)]);
        var streaming = Table.Streaming;
        if (streaming.Exceeded(blocks))
            return RidgeKernel.Factorise(blocks, streaming.Workers, streaming.Cancellation, SpectrumOf);
        using var scope = NewDisposeScope();
        var matrix = Table.Kernels?.Matrix(Kinds, Rows[0], Matrix) ?? Matrix();
        return RidgeKernel.Factorise(matrix, SpectrumOf);
    }

    /// <summary>
    /// The tangent targets of the rows' probes (<see cref="PictureFeatures.TangentTargets"/>), float64 [n, 1] in the
    /// caller's dispose scope; null where a kind has none.
    /// </summary>
    public Tensor? Responses()
    {
        if (Kinds.Any(kind => kind.Unit))
            return null;
        var responses = new List<double>();
        foreach (var kind in Kinds)
        {
            if (Table.MemberFeatures().TangentTargets(kind.Function, Row) is not { } ofMembers)
                return null;
            var ofBackground =
                Table.Background.Count == 0 ? [] : FeatureSet.Of(Table.Background).TangentTargets(kind.Function, Row)!;
            for (var pass = 0; pass < Rows.Count; pass++)
            {
                responses.AddRange(ofMembers.Select(passes => Target(passes, kind, pass) / Math.Sqrt(RowsOfPicture)));
                var weight = Math.Sqrt(Table.BackgroundWeight / RowsOfPicture);
                responses.AddRange(ofBackground.Select(passes => Target(passes, kind, pass) * weight));
            }
        }

        return tensor(responses.ToArray()).unsqueeze(1);
    }

    private static double Target(double[] passes, FeatureKind kind, int pass) =>
        kind.Apart ? passes[pass] : passes.Average();

    /// <summary><see cref="DampingProblem.Recalled"/>, in the caller's dispose scope.</summary>
    public Tensor? Recalled() =>
        RecalledRow is { } row
            ? Table.Scored.Take(SelfRecall.Sample(Table.Members).Select(i => (int)i)).Matrix(Kinds[0], row)
                / Math.Sqrt(RowsOfPicture)
            : null;

    /// <summary>W: the rows that each decoy would have, float64 [decoys, m, k] in the caller's dispose scope.</summary>
    public Tensor DecoyRows() =>
        stack(Features().Select(feature => Table.DecoyMatrix(feature.Kind, feature.Row)), 1) / Math.Sqrt(RowsOfPicture);

    // Φ in memory, in the caller's dispose scope.
    private Tensor Matrix() =>
        RowsOfPicture == 1
            ? Table.KernelMatrix(Kinds[0], Rows[0])
            : cat([.. Features().Select(feature => Table.KernelMatrix(feature.Kind, feature.Row))])
                / Math.Sqrt(RowsOfPicture);

    private IEnumerable<FeatureRow> Features() => from kind in Kinds from row in Rows select new FeatureRow(kind, row);

    private Spectrum SpectrumOf(IKernelFeatures features) =>
        Table.Kernels?.Of(Kinds, Rows[0], features) ?? Spectrum.Of(features);

    private IEnumerable<(IFeatureBlocks Features, double Factor)> Blocks(FeatureRow feature)
    {
        yield return (Table.MemberFeatures().Blocks(feature.Kind, feature.Row), 1 / Math.Sqrt(RowsOfPicture));
        yield return (
            FeatureSet.Of(Table.Background).Blocks(feature.Kind, feature.Row),
            Math.Sqrt(Table.BackgroundWeight / RowsOfPicture)
        );
    }
}
