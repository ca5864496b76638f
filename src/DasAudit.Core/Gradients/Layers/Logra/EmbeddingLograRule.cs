using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Embeddings: Σ_l (row i_l of P_O)·(P_Iᵀδ_l)ᵀ, where i_l is the row that position l looked up.</summary>
internal sealed class EmbeddingLograRule(Embedding layer, LograMatrices matrices) : EmbeddingRule(layer)
{
    protected override IDisposable Owned => matrices;

    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas)
    {
        var indices = Indices(input);
        var left = matrices
            .Left.index_select(0, indices.flatten())
            .view(indices.shape[0], indices.shape[1], -1)
            .transpose(1, 2);
        return Array.ConvertAll(
            deltas,
            delta => new DenseGradients(left.bmm(AddedToRows(indices, delta).matmul(matrices.Right)))
        );
    }
}
