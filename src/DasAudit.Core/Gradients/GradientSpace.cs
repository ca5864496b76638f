using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>
/// The coordinates of a gradient, parameter after parameter: its values as they are, or LoGra's for parameters of at least two
/// dimensions, those of layer normalisations and of modules that say their gradients themselves excepted. Norms, sums and projections are of these.
/// </summary>
internal sealed class GradientSpace
{
    private readonly LograFactors?[] _factors;

    /// <param name="names">The parameters.</param>
    /// <param name="tensors">The parameters themselves.</param>
    /// <param name="logra">LoGra's ranks for a parameter of at least two dimensions; null for its gradient's values as they are.</param>
    /// <param name="seed">Seed of LoGra's matrices.</param>
    public GradientSpace(
        IReadOnlyList<string> names,
        IReadOnlyList<Tensor> tensors,
        Func<string, LograRanks?> logra,
        long seed
    )
    {
        _factors =
        [
            .. names.Zip(
                tensors,
                (name, tensor) =>
                    tensor.dim() > 1 && logra(name) is { } ranks
                        ? new LograFactors(ranks, seed, name, tensor.shape)
                        : null
            ),
        ];
        Lengths =
        [
            .. tensors.Zip(
                _factors,
                (tensor, factors) => factors is null ? checked((int)tensor.numel()) : factors.Outputs * factors.Inputs
            ),
        ];
        var offsets = new int[Lengths.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = Count;
            Count = checked(Count + Lengths[i]);
        }

        Offsets = offsets;
    }

    /// <summary>Where each parameter's coordinates begin.</summary>
    public IReadOnlyList<int> Offsets { get; }

    /// <summary>How many each has.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>LoGra's matrices of a parameter; null if its coordinates are its gradient's values.</summary>
    public LograFactors? Factors(int? parameter) => parameter is { } at ? _factors[at] : null;

    /// <summary>A parameter's part of a vector of coordinates.</summary>
    public Span<float> Part(Span<float> coordinates, int parameter) =>
        coordinates.Slice(Offsets[parameter], Lengths[parameter]);
}
