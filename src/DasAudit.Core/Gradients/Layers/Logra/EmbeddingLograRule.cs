using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Embeddings: Σ_l (row i_l of P_O)·(P_Iᵀδ_l)ᵀ, where i_l is the row that position l looked up.</summary>
internal sealed class EmbeddingLograRule : LograRule
{
    private readonly EmbeddingRule _exact;

    public EmbeddingLograRule(Embedding layer, Tensor left, Tensor right)
        : this(new EmbeddingRule(layer), left, right) { }

    private EmbeddingLograRule(EmbeddingRule exact, Tensor left, Tensor right)
        : base(exact, left, right) => _exact = exact;

    protected override Tensor[] Weights(Tensor input, Tensor[] deltas) =>
        [
            .. _exact
                .Rows(input, deltas)
                .Select(rows =>
                    Left.index_select(0, rows.Indices.flatten())
                        .view(rows.Indices.shape[0], rows.Indices.shape[1], -1)
                        .transpose(1, 2)
                        .bmm(rows.Deltas.matmul(Right))
                ),
        ];
}
