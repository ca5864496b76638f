using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution;

/// <summary>The kept kernels of one table's features: their matrices and eigendecompositions.</summary>
/// <param name="Source">Tells the features from those of other passes.</param>
internal sealed record KeptKernels(KernelCache Cache, KernelPictures Pictures, object Source)
{
    /// <summary>Where large matrices are decomposed. Default the processor.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>That of a kernel of one row of some kinds, computed from its features where it is not kept.</summary>
    public Spectrum Of(IReadOnlyList<FeatureKind> kinds, int row, IKernelFeatures features) =>
        Cache.Of(Pictures, Source, Key(kinds), row, () => Spectrum.Of(features, Device));

    /// <summary>Φ of a kernel, read where it is not kept, in the caller's dispose scope; not to be changed.</summary>
    public Tensor Matrix(IReadOnlyList<FeatureKind> kinds, int row, Func<Tensor> read) =>
        Cache.Matrix(Pictures, Source, Key(kinds), row, read);

    private static string Key(IReadOnlyList<FeatureKind> kinds) => string.Join(' ', kinds);
}
