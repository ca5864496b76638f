using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>
/// Two-dimensional convolutions: dW_b = Σ over positions of δ_b·(patch of a_b)ᵀ, one product of matrices a sample, and db_b = Σ δ_b. No
/// convolution is called for them, so the layouts in which libtorch's are wrong on some processors do not matter (see
/// <see cref="Diffusion.ConvolutionLayout"/>); patches are gathered once for all output functions.
/// </summary>
internal sealed class Conv2dRule(Conv2d layer) : ILayerRule
{
    private readonly bool _padsItself = layer.padding_mode != PaddingModes.Zeros;
    private readonly Patches _patches = Patches.Of(layer, padded: layer.padding_mode != PaddingModes.Zeros);

    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted)
    {
        if (input.dim() != 4) throw new LayerNotSupportedException("a convolution is called without a batch");
        var patches = wanted.Weight ? _patches.Gather(Padded(input), deltas[0].shape[2], deltas[0].shape[3]) : null;
        return [.. deltas.Select(delta => new LayerGradients(
            patches is null ? null : _patches.Products(delta, patches),
            wanted.Bias ? new DenseGradients(Patches.Positions(delta).sum([1L])) : null))];
    }

    private Tensor Padded(Tensor input)
    {
        if (!_padsItself) return input;
        var padding = Patches.Padding(layer);
        return nn.functional.pad(input, [padding[2], padding[3], padding[0], padding[1]], layer.padding_mode);
    }
}
