using DasAudit.Core.Projections;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>
/// The coordinates of a gradient, parameter after parameter: its values as they are, or LoGra's for parameters of at
/// least two dimensions. Norms, sums and projections are of these.
/// </summary>
internal sealed class GradientSpace
{
    private readonly LograFactors?[] _factors;

    /// <param name="parameters">All attributed parameters.</param>
    /// <param name="logra">LoGra's ranks; null for the gradients' values as they are.</param>
    /// <param name="keptWhole">Names of parameters whose values stay as they are under LoGra too.</param>
    /// <param name="seed">Seed of LoGra's matrices.</param>
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

    /// <summary>Where each parameter's coordinates begin.</summary>
    public IReadOnlyList<int> Offsets { get; }

    /// <summary>How many each has.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>LoGra's matrices of a parameter; null if its coordinates are its gradient's values.</summary>
    public LograFactors? Factors(int parameter) => _factors[parameter];

    /// <summary>A parameter's part of a vector of coordinates.</summary>
    public Span<float> Part(Span<float> coordinates, int parameter) =>
        coordinates.Slice(Offsets[parameter], Lengths[parameter]);
}
