using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>What K = (1/m)·Σ ΦᵀΦ of m kinds is made of: a row of each kind of members and background.</summary>
internal sealed record KernelSource(FeatureTable Table, IReadOnlyList<FeatureKind> Kinds, int Row)
{
    /// <summary>The row that holds the same from another noise draw; null where there is none.</summary>
    public int? RecalledRow { get; init; }

    /// <summary>A query's features that are scored with the kernel itself. Default that of the first kind.</summary>
    public IReadOnlyList<FeatureRow> QueryRows { get; init; } = [new(Kinds[0], Row)];

    /// <summary>
    /// Factorises the kernel, which the caller disposes. Its rows are those of one kind after the other, times √(1/m);
    /// where they are too many for memory they are read anew each time.
    /// </summary>
    public RidgeKernel Factorise()
    {
        var blocks = new StackedBlocks([.. Kinds.SelectMany(Blocks)]);
        var streaming = Table.Streaming;
        if (streaming.Exceeded(blocks))
            return RidgeKernel.Factorise(blocks, streaming.Workers, streaming.Cancellation, SpectrumOf);
        using var scope = NewDisposeScope();
        return RidgeKernel.Factorise(
            Kinds.Count == 1
                ? Table.KernelMatrix(Kinds[0], Row)
                : cat([.. Kinds.Select(kind => Table.KernelMatrix(kind, Row))]) / Math.Sqrt(Kinds.Count),
            SpectrumOf
        );
    }

    /// <summary>
    /// The tangent targets of the rows' probes (<see cref="PictureFeatures.TangentTargets"/>), float64 [n, 1] in the
    /// caller's dispose scope; null where a kind has none.
    /// </summary>
    public Tensor? Responses()
    {
        if (Kinds.Any(kind => kind.Unit || kind.Apart))
            return null;
        var responses = new List<double>();
        foreach (var kind in Kinds)
        {
            if (Table.MemberFeatures().TangentTargets(kind.Function, Row) is not { } ofMembers)
                return null;
            responses.AddRange(ofMembers.Select(passes => passes.Average() / Math.Sqrt(Kinds.Count)));
            if (Table.Background.Count == 0)
                continue;
            var weight = Math.Sqrt(Table.BackgroundWeight / Kinds.Count);
            var ofBackground = FeatureSet.Of(Table.Background).TangentTargets(kind.Function, Row)!;
            responses.AddRange(ofBackground.Select(passes => passes.Average() * weight));
        }

        return tensor(responses.ToArray()).unsqueeze(1);
    }

    /// <summary><see cref="DampingProblem.Recalled"/>, in the caller's dispose scope.</summary>
    public Tensor? Recalled() =>
        RecalledRow is { } row
            ? Table.Scored.Take(SelfRecall.Sample(Table.Members).Select(i => (int)i)).Matrix(Kinds[0], row)
                / Math.Sqrt(Kinds.Count)
            : null;

    /// <summary>W: the rows that each decoy would have, float64 [decoys, m, k] in the caller's dispose scope.</summary>
    public Tensor DecoyRows() => stack(Kinds.Select(kind => Table.DecoyMatrix(kind, Row)), 1) / Math.Sqrt(Kinds.Count);

    private Spectrum SpectrumOf(IKernelFeatures features) =>
        Table.Spectra?.Of(Kinds, Row, features) ?? Spectrum.Of(features);

    private IEnumerable<(IFeatureBlocks Features, double Factor)> Blocks(FeatureKind kind)
    {
        yield return (Table.MemberFeatures().Blocks(kind, Row), 1 / Math.Sqrt(Kinds.Count));
        yield return (
            FeatureSet.Of(Table.Background).Blocks(kind, Row),
            Math.Sqrt(Table.BackgroundWeight / Kinds.Count)
        );
    }
}
