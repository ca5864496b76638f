using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>A residual block, attention (optional), a residual block, on the smallest picture.</summary>
internal sealed class MidBlock2D : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Attention>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;

    internal MidBlock2D(AutoencoderKLConfig config)
        : base(nameof(MidBlock2D))
    {
        var channels = config.BlockOutChannels[^1];
        if (config.MidBlockAddAttention)
            attentions = new(new Attention(AutoencoderKLConfig.Attentions, channels, config.NormNumGroups));
        resnets = new(new ResnetBlock2D(config, channels, channels), new ResnetBlock2D(config, channels, channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = resnets[0].call(input);
        if (attentions is not null)
            hidden = attentions[0].call(hidden);
        return resnets[1].call(hidden).MoveToOuterDisposeScope();
    }
}
