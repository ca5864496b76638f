using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Group normalisation y = γ·(a − μ)/σ + β, μ and σ over the values of a group: dγ_b = Σ_l δ_bl·(a_bl − μ_b)/σ_b and dβ_b = Σ_l δ_bl
/// over the positions l.
/// </summary>
internal sealed class GroupNormRule(GroupNorm layer) : ILayerRule
{
    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        var values = ChannelsLast(input);
        var byOutput = deltas.Select(ChannelsLast).ToArray();
        var gradients = values.device_type == DeviceType.CPU
            ? GroupNormKernel.Gradients(values, byOutput, (int)layer.num_groups, layer.eps)
            : ByTensors(values, byOutput);
        return [.. gradients.Select(g => new LayerGradients(
            wanted.Weight ? new DenseGradients(g.Scale) : null, wanted.Bias ? new DenseGradients(g.Shift) : null))];
    }

    /// <summary>The same on any device.</summary>
    internal (Tensor Scale, Tensor Shift)[] ByTensors(Tensor values, Tensor[] deltas)
    {
        var grouped = values.unflatten(2, layer.num_groups, -1);
        var centred = grouped - grouped.mean([1L, 3L], keepdim: true);
        var normed = (centred * (centred.square().mean([1L, 3L], keepdim: true) + layer.eps).rsqrt()).flatten(2);
        return [.. deltas.Select(delta => ((delta * normed).sum([1L]), delta.sum([1L])))];
    }

    // [B, C, …] → [B, L, C], a view if the memory is channels-last.
    private static Tensor ChannelsLast(Tensor values) => values.flatten(2).transpose(1, 2).contiguous();
}
