using DasAudit.Core.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Group normalisation y = γ·(a − μ)/σ + β, μ and σ over the values of a group.</summary>
/// <remarks>dγ_b = Σ_l δ_bl·(a_bl − μ_b)/σ_b and dβ_b = Σ_l δ_bl over the positions l.</remarks>
/// <param name="usesKernel">Whether <see cref="GroupNormKernel"/> may be used.</param>
internal sealed class GroupNormRule(GroupNorm layer, bool usesKernel = true) : WeightAndBiasRule, IBackwardRule
{
    public bool CanDo(Tensor input) =>
        usesKernel && input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32;

    public (ParameterGradients?[] Parameters, Tensor Input) Backward(Tensor input, Tensor delta, Attributed attributed)
    {
        var (scale, shift, positions) = GroupNormKernel.Backward(
            Readable(input),
            Positions(delta),
            layer.weight,
            (int)layer.num_groups,
            layer.eps
        );
        var weight = attributed.Weight ? new DenseGradients(scale) : null;
        // [B, L, C] → [B, C, …] in the order of memory that the positions have
        var inputGradient = positions.transpose(1, 2).unflatten(2, [.. input.shape[2..]]);
        return (Pair(weight, attributed.Bias ? shift : null), inputGradient);
    }

    protected override Tensor Arranged(Tensor delta) => Positions(delta);

    protected override ParameterGradients[] Weights(Tensor input, Tensor[] deltas)
    {
        var grouped = Positions(input).unflatten(2, layer.num_groups, -1);
        var centred = grouped - grouped.mean([1L, 3L], keepdim: true);
        var normed = (centred * (centred.square().mean([1L, 3L], keepdim: true) + layer.eps).rsqrt()).flatten(2);
        return Array.ConvertAll(deltas, delta => new DenseGradients((delta * normed).sum([1L])));
    }

    protected override Tensor Bias(Tensor delta) => delta.sum([1L]);

    // [B, C, …] → [B, L, C] as the kernel takes it, mostly without a copy.
    private static Tensor Readable(Tensor values) =>
        values.is_contiguous() ? values.flatten(2).transpose(1, 2) : Positions(values);

    // [B, C, …] → [B, L, C], a view if the memory is channels-last.
    private static Tensor Positions(Tensor values) => values.flatten(2).transpose(1, 2).contiguous();
}
