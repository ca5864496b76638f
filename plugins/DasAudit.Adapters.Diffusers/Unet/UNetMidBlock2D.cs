using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>A residual block, attention (optional), a residual block, on the smallest picture.</summary>
internal sealed class UNetMidBlock2D : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ModuleList<Attention>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;

    internal UNetMidBlock2D(UNet2DConfig config)
        : base(nameof(UNetMidBlock2D))
    {
        var channels = config.BlockOutChannels[^1];
        // diffusers normalises here only with the default time embedding, unless the groups are given.
        var normGroups = config.AttnNormNumGroups ?? (config.ScaleShift ? null : config.NormNumGroups);
        if (config.AddAttention)
            attentions = new(new Attention(config.Attentions, channels, normGroups, config.MidBlockScaleFactor));
        resnets = new(
            new ResnetBlock2D(config.Resnets, channels, channels, config.MidBlockScaleFactor),
            new ResnetBlock2D(config.Resnets, channels, channels, config.MidBlockScaleFactor)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor activatedTime)
    {
        using var scope = NewDisposeScope();
        var hidden = resnets[0].call(input, activatedTime);
        if (attentions is not null)
            hidden = attentions[0].call(hidden);
        return resnets[1].call(hidden, activatedTime).MoveToOuterDisposeScope();
    }
}
