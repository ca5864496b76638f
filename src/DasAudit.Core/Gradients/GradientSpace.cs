using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>A gradient's coordinates, parameter after parameter; norms, sums and projections are of these.</summary>
/// <remarks>They are its values as they are, or LoGra's for parameters of at least two dimensions.</remarks>
internal sealed class GradientSpace
{
    private readonly LograFactors?[] _factors;

    /// <param name="keptWhole">Names of parameters whose values stay as they are under LoGra too.</param>
    public GradientSpace(
        IReadOnlyList<(string Name, Tensor Tensor)> parameters,
        LograRanks? logra,
        IReadOnlySet<string> keptWhole,
        long seed
    )
    {
        var count = parameters.Count;
        var lengths = new int[count];
        var offsets = new int[count];
        _factors = new LograFactors?[count];
        for (var i = 0; i < count; i++)
        {
            var (name, tensor) = parameters[i];
            if (logra is not null && tensor.dim() > 1 && !keptWhole.Contains(name))
                _factors[i] = new(logra, seed, name, tensor.shape);
            lengths[i] = _factors[i]?.Coordinates ?? checked((int)tensor.numel());
            offsets[i] = Count;
            Count = checked(Count + lengths[i]);
        }

        Lengths = lengths;
        Offsets = offsets;
    }

    public IReadOnlyList<int> Offsets { get; }

    public IReadOnlyList<int> Lengths { get; }

    public int Count { get; }

    /// <summary>LoGra's matrices of a parameter; null if its coordinates are its gradient's values.</summary>
    public LograFactors? Factors(int parameter) => _factors[parameter];

    public Span<float> Part(Span<float> coordinates, int parameter) =>
        coordinates.Slice(Offsets[parameter], Lengths[parameter]);
}
