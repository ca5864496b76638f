using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Layers;

/// <summary>Attention of several heads (Vaswani et al., 2017, section 3.2): softmax(q·kᵀ/√d + mask)·v.</summary>
internal static class ScaledDotProduct
{
    /// <summary>Attends; the result is in the caller's dispose scope.</summary>
    /// <param name="query">Float [N, L, heads·d].</param>
    /// <param name="key">Float [N, S, heads·d].</param>
    /// <param name="value">Float [N, S, heads·d].</param>
    /// <param name="mask">Added to the scores, float [L, S]; null for none.</param>
    /// <param name="upcast">Whether scores and their softmax are float32 whatever the inputs are.</param>
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
        var (q, k) = (Split(query, heads), Split(key, heads));
        if (upcast)
            (q, k) = (q.to_type(ScalarType.Float32), k.to_type(ScalarType.Float32));
        // Scaling the queries costs less than scaling the scores.
        var scores = (q / Math.Sqrt(q.shape[^1])).matmul(k.transpose(-2, -1));
        if (mask is not null)
            scores = scores + mask;
        var weights = scores.softmax(-1).to_type(value.dtype);
        if (dropout > 0)
            weights = nn.functional.dropout(weights, dropout);
        return weights.matmul(Split(value, heads)).transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }

    // [N, L, heads·d] → [N, heads, L, d]
    private static Tensor Split(Tensor projected, int heads) => projected.unflatten(2, heads, -1).transpose(1, 2);
}
