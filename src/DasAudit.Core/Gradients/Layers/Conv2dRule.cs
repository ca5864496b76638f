using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Two-dimensional convolutions: dW_b = δ_bᵀ·patches(a_b) as one product of matrices a sample, db_b = Σ δ_b. No convolution is called for
/// gradients, so that the layouts in which libtorch's are wrong on some processors do not matter (see
/// <see cref="Diffusion.ConvolutionLayout"/>); the patches are gathered once for all output functions.
/// </summary>
internal sealed class Conv2dRule : ILayerRule
{
    private readonly PatchGeometry _geometry;
    private readonly PaddingModes _mode;
    private readonly long[] _outerPadding = [0, 0, 0, 0];
    private readonly long _groups;
    private readonly bool _pointwise;

    public Conv2dRule(Conv2d layer)
    {
        var (kernel, dilation) = (layer.kernel_size, layer.dilation);
        long[] padding = [0, 0, 0, 0];
        for (var d = 0; d < 2; d++)
        {
            var total = layer.padding_type == Padding.Same ? dilation[d] * (kernel[d] - 1) : 2 * (layer.padding?[d] ?? 0);
            (padding[2 * d], padding[2 * d + 1]) = (total / 2, total - total / 2);
        }

        // Other modes than zeros pad before the convolution, in the order left, right, top, bottom.
        if (layer.padding_mode != PaddingModes.Zeros) (_outerPadding, padding) = ([padding[2], padding[3], padding[0], padding[1]], _outerPadding);
        _geometry = new(kernel, layer.stride, dilation, padding);
        (_mode, _groups) = (layer.padding_mode, layer.groups);
        _pointwise = kernel is [1, 1] && layer.stride is [1, 1] && padding.All(p => p == 0);
    }

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        if (input.dim() != 4) throw new LayerNotSupportedException("a convolution is called with unbatched pictures");
        var (outputs, kernel) = (deltas[0].shape, _geometry.Kernel);
        Tensor? patches = null;
        if (wanted.Weight)
        {
            var padded = _outerPadding.Any(p => p != 0) ? nn.functional.pad(input, _outerPadding, _mode) : input;
            patches = ByGroup(_pointwise ? Patches.Positions(padded).unsqueeze(2) : Patches.Gather(padded, _geometry, (outputs[2], outputs[3])));
        }

        return [.. deltas.Select(delta =>
        {
            var positions = Patches.Positions(delta);
            return new LayerGradients(
                patches is null ? null : Weight(ByGroup(positions.unsqueeze(2)), patches, outputs[1], kernel),
                wanted.Bias ? new DenseGradients(positions.sum([1L])) : null);
        })];
    }

    private static DenseGradients Weight(Tensor deltas, Tensor patches, long channels, long[] kernel) => new(
        deltas.transpose(1, 2).bmm(patches).view(-1, channels, kernel[0], kernel[1], patches.shape[2] / (kernel[0] * kernel[1])), [0, 1, 4, 2, 3]);

    // [B, L, k, C] → [B·groups, L, k·C/groups]
    private Tensor ByGroup(Tensor values) => _groups == 1
        ? values.flatten(2)
        : values.unflatten(3, _groups, -1).permute(0, 3, 1, 2, 4).reshape(values.shape[0] * _groups, values.shape[1], -1);
}
