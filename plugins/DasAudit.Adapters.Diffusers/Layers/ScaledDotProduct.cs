using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Layers;

/// <summary>Attention of several heads (Vaswani et al., 2017, section 3.2): softmax(q·kᵀ/√d + mask)·v.</summary>
internal static class ScaledDotProduct
{
    // Scores of a head that a GPU forms as one matrix. The kernel that does not form them adds up the gradients by the
    // queries in an order that depends on a row's place in the batch.
    private const long MostScores = 1 << 16;

    /// <summary>Attends; the result is in the caller's dispose scope. It can be differentiated once.</summary>
    /// <param name="query">Float [N, L, heads·d].</param>
    /// <param name="key">Float [N, S, heads·d].</param>
    /// <param name="value">Float [N, S, heads·d].</param>
    /// <param name="mask">Added to the scores, float [L, S]; null for none.</param>
    /// <param name="upcast">Whether it is computed in float32 whatever the inputs are.</param>
    /// <param name="dropout">Probability with which a weight is dropped; 0 outside training.</param>
    /// <returns>[N, L, heads·d].</returns>
    internal static Tensor Attend(
        Tensor query,
        Tensor key,
        Tensor value,
        int heads,
        Tensor? mask = null,
        bool upcast = false,
        double dropout = 0
    )
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Split(query, heads), Split(key, heads), Split(value, heads));
        if (upcast)
            (q, k, v) = (Float32(q), Float32(k), Float32(v));
        var isWhole = q.device_type == DeviceType.CUDA && mask is null && dropout == 0 && Scores(q, k) <= MostScores;
        var attended = isWhole
            ? AttendWhole(q, k, v)
            : nn.functional.scaled_dot_product_attention(q, k, v, mask, dropout);
        return attended.transpose(1, 2).flatten(2).to_type(value.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same by products of whole matrices, each [N, heads, L or S, d], in the caller's scope.</summary>
    internal static Tensor AttendWhole(Tensor query, Tensor key, Tensor value) =>
        (query / Math.Sqrt(query.shape[^1])).matmul(key.transpose(2, 3)).softmax(3).matmul(value);

    private static long Scores(Tensor query, Tensor key) => query.shape[2] * key.shape[2];

    // [N, L, heads·d] → [N, heads, L, d]
    private static Tensor Split(Tensor projected, int heads) => projected.unflatten(2, heads, -1).transpose(1, 2);

    private static Tensor Float32(Tensor tensor) => tensor.to_type(ScalarType.Float32);
}
