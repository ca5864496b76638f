using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>(norm, SiLU, conv) twice with a shortcut; unlike a U-Net's it knows no time.</summary>
internal sealed class ResnetBlock2D : nn.Module<Tensor, Tensor>
{
    private readonly GroupNorm norm1;
    private readonly Conv2d conv1;
    private readonly GroupNorm norm2;
    private readonly Conv2d conv2;
    private readonly Conv2d? conv_shortcut;

    internal ResnetBlock2D(AutoencoderKLConfig config, int inChannels, int outChannels)
        : base(nameof(ResnetBlock2D))
    {
        norm1 = nn.GroupNorm(config.NormNumGroups, inChannels, AutoencoderKLConfig.NormEps);
        conv1 = Unfilled.Conv2d(inChannels, outChannels, 3, padding: 1);
        norm2 = nn.GroupNorm(config.NormNumGroups, outChannels, AutoencoderKLConfig.NormEps);
        conv2 = Unfilled.Conv2d(outChannels, outChannels, 3, padding: 1);
        conv_shortcut = inChannels == outChannels ? null : Unfilled.Conv2d(inChannels, outChannels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = conv1.call(nn.functional.silu(norm1.CallRowMajor(input)));
        hidden = conv2.call(nn.functional.silu(norm2.CallRowMajor(hidden)));
        return ((conv_shortcut?.call(input) ?? input) + hidden).MoveToOuterDisposeScope();
    }
}
