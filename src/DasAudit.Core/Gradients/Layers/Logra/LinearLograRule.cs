using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers.Logra;

/// <summary>Linear layers: Σ_l (P_Oᵀδ_l)·(P_Iᵀa_l)ᵀ.</summary>
internal sealed class LinearLograRule(Tensor left, Tensor right) : LograRule(new LinearRule(), left, right)
{
    protected override Tensor[] Weights(Tensor input, Tensor[] deltas)
    {
        var inputs = Positions(input).matmul(Right);
        return [.. deltas.Select(delta => Positions(delta).matmul(Left).transpose(1, 2).bmm(inputs))];
    }

    // [B, …, C] → [B, L, C]
    private static Tensor Positions(Tensor values) => values.reshape(values.shape[0], -1, values.shape[^1]);
}
