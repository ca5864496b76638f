using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Embeddings: the gradient of a row is the sum of δ over the positions that looked it up. A padding row gets none.</summary>
internal sealed class EmbeddingRule : ILayerRule
{
    private readonly long _rows;
    private readonly long? _padding;

    /// <exception cref="LayerNotSupportedException">The layer scales its gradients or makes them sparse.</exception>
    public EmbeddingRule(Embedding layer)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var weight = layer.weight!.requires_grad_(true);
        _rows = weight.shape[0];
        // The layer does not say how it was made, so it is tried: every row is looked up twice, and its gradient must then be 2.
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

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted) =>
        [
            .. Rows(input, deltas)
                .Select(rows => new LayerGradients(
                    wanted.Weight ? new EmbeddingGradients(rows.Indices, rows.Deltas, _rows) : null,
                    null
                )),
        ];

    public Tensor Share(Tensor input, Tensor output, Tensor? bias, WantedParameters wanted) =>
        _padding is { } padding ? output * input.not_equal(padding).unsqueeze(-1) : output;

    /// <summary>The rows looked up, int64 [B, L], and for each output function what is added to them, float32 [B, L, C].</summary>
    public IEnumerable<(Tensor Indices, Tensor Deltas)> Rows(Tensor input, Tensor[] deltas)
    {
        var indices = input.reshape(input.shape[0], -1);
        var counts = _padding is { } padding ? indices.not_equal(padding).unsqueeze(2) : null;
        return deltas.Select(delta =>
        {
            var rows = delta.reshape(indices.shape[0], indices.shape[1], -1);
            return (indices, counts is null ? rows : rows * counts);
        });
    }
}
