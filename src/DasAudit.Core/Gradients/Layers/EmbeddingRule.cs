using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Embeddings: a row's gradient is Σ δ over the positions that looked it up; padding gets none.</summary>
internal class EmbeddingRule : WeightAndBiasRule
{
    private readonly long _rows;
    private readonly long? _padding;

    public EmbeddingRule(Embedding layer)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var weight = layer.weight!.requires_grad_(true);
        _rows = weight.shape[0];
        // The layer does not say how it was made. Looked up twice, every row must have the gradient 2.
        var rows = arange(_rows, device: weight.device);
        var gradient = autograd.grad([layer.call(cat([rows, rows])).sum()], [weight], allow_unused: true)[0];
        if (gradient.IsInvalid || gradient.is_sparse)
            throw new LayerNotSupportedException("an embedding has sparse gradients");
        var factors = gradient.select(1, 0).cpu().data<float>().ToArray();
        if (factors.Any(factor => factor is not (0 or 2)) || factors.Count(factor => factor == 0) > 1)
            throw new LayerNotSupportedException("an embedding scales its gradients by frequency");
        var padding = Array.IndexOf(factors, 0);
        _padding = padding < 0 ? null : padding;
    }

    public override Tensor Share(Tensor input, Tensor output, Tensor? bias, Attributed attributed) =>
        _padding is { } padding ? output * input.not_equal(padding).unsqueeze(-1) : output;

    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas)
    {
        var indices = Indices(input);
        return Array.ConvertAll(deltas, delta => new EmbeddingGradients(indices, AddedToRows(indices, delta), _rows));
    }

    protected override Tensor Bias(Tensor delta) => throw new InvalidOperationException("An embedding has no bias.");

    /// <summary>The rows looked up, int64 [B, L].</summary>
    protected static Tensor Indices(Tensor input) => input.reshape(input.shape[0], -1);

    /// <summary>What is added to the gradients of the rows looked up, float32 [B, L, C].</summary>
    protected Tensor AddedToRows(Tensor indices, Tensor delta)
    {
        var rows = delta.reshape(indices.shape[0], indices.shape[1], -1);
        return _padding is { } padding ? rows * indices.not_equal(padding).unsqueeze(2) : rows;
    }
}
