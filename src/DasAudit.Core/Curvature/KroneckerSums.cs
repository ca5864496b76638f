using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>
/// Sums over rows of the factors of each layer, or of the squared gradients along its eigenvectors; float64, on the
/// model's device. Added up in the order of the pictures, so the number of workers changes nothing.
/// </summary>
internal abstract class KroneckerSums : IDisposable
{
    /// <summary>Adds what a pass brought to a layer.</summary>
    public abstract void Add(int layer, Tensor columns, Tensor deltas);

    /// <summary>Adds other sums of the same kind.</summary>
    public abstract void Add(KroneckerSums other);

    public abstract void Dispose();

    protected static Tensor Zeros(KroneckerLayer layer, int rows, int columns) =>
        zeros([rows, columns], dtype: float64, device: layer.Weight.device).DetachFromDisposeScope();
}

/// <summary>Σ a·aᵀ over rows and positions, and Σ δ·δᵀ likewise.</summary>
internal sealed class FactorSums(IReadOnlyList<KroneckerLayer> layers) : KroneckerSums
{
    private readonly Tensor[] _inputs = [.. layers.Select(layer => Zeros(layer, layer.Inputs, layer.Inputs))];
    private readonly Tensor[] _outputs = [.. layers.Select(layer => Zeros(layer, layer.Outputs, layer.Outputs))];
    private readonly long[] _positions = new long[layers.Count];
    private readonly long[] _rows = new long[layers.Count];

    public override void Add(int layer, Tensor columns, Tensor deltas)
    {
        using var scope = NewDisposeScope();
        var a = columns.permute(2, 0, 1, 3).flatten(1);
        var b = deltas.flatten(1, 2).permute(1, 0, 2).flatten(1);
        _inputs[layer].add_(a.matmul(a.t()));
        _outputs[layer].add_(b.matmul(b.t()));
        _positions[layer] += a.shape[1];
        _rows[layer] += columns.shape[0];
    }

    public override void Add(KroneckerSums other)
    {
        var more = (FactorSums)other;
        for (var l = 0; l < layers.Count; l++)
        {
            _inputs[l].add_(more._inputs[l]);
            _outputs[l].add_(more._outputs[l]);
            _positions[l] += more._positions[l];
            _rows[l] += more._rows[l];
        }
    }

    /// <summary>
    /// A = E[a·aᵀ] over rows and positions, float64 [I, I], and B = E[Σ_l δ_l·δ_lᵀ] over rows, [O, O], in the caller's
    /// dispose scope. A⊗B is the covariance of G where a and δ are independent and positions do not correlate. Null for
    /// a layer that no row reached.
    /// </summary>
    public (Tensor A, Tensor B)? Factors(int layer) =>
        _rows[layer] == 0 ? null : (_inputs[layer] / (double)_positions[layer], _outputs[layer] / (double)_rows[layer]);

    /// <summary>The eigenvectors of A and B; null for a layer that no row reached. The caller disposes it.</summary>
    public KroneckerBasis? Basis(int layer)
    {
        using var scope = NewDisposeScope();
        return Factors(layer) is var (a, b) ? new(a, b) : null;
    }

    public override void Dispose()
    {
        foreach (var tensor in _inputs.Concat(_outputs))
            tensor.Dispose();
    }
}

/// <summary>Σ (U_Bᵀ·G·U_A)², elementwise, over rows.</summary>
internal sealed class EigenvalueSums(IReadOnlyList<KroneckerLayer> layers, IReadOnlyList<KroneckerBasis?> bases)
    : KroneckerSums
{
    // Values of gradients that a device other than the processor forms at once.
    private const long Together = 1L << 26;

    private readonly Tensor[] _squares = [.. layers.Select(layer => Zeros(layer, layer.Outputs, layer.Inputs))];
    private readonly long[] _rows = new long[layers.Count];

    /// <summary>How many rows of a layer are rotated at once; null for what suits its device.</summary>
    public int? RowsTogether { get; init; }

    public override void Add(int layer, Tensor columns, Tensor deltas)
    {
        if (bases[layer] is not { } basis)
            return;
        var together = RowsTogether ?? Rows(layers[layer]);
        for (var first = 0L; first < columns.shape[0]; first += together)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(together, columns.shape[0] - first);
            var gradients = layers[layer].Gradients(columns.narrow(0, first, count), deltas.narrow(0, first, count));
            _squares[layer].add_(Squares(basis, gradients));
            _rows[layer] += count;
        }
    }

    public override void Add(KroneckerSums other)
    {
        var more = (EigenvalueSums)other;
        for (var l = 0; l < layers.Count; l++)
        {
            _squares[l].add_(more._squares[l]);
            _rows[l] += more._rows[l];
        }
    }

    private static int Rows(KroneckerLayer layer) =>
        layer.Weight.device_type == DeviceType.CPU ? 1 : (int)Math.Clamp(Together / layer.WeightSize, 1, int.MaxValue);

    // Of gradients [B, O, I], summed over B.
    private static Tensor Squares(KroneckerBasis basis, Tensor gradients) =>
        gradients.shape[0] == 1
            ? basis.Rotate(gradients.squeeze(0)).to_type(float64).square()
            : basis.Rotate(gradients).to_type(float64).square().sum([0L]);

    /// <summary>The mean of the squares, float64 [O, I]; the caller disposes it.</summary>
    public Tensor Eigenvalues(int layer) =>
        (_squares[layer] / (double)Math.Max(1, _rows[layer])).DetachFromDisposeScope();

    public override void Dispose()
    {
        foreach (var tensor in _squares)
            tensor.Dispose();
    }
}
