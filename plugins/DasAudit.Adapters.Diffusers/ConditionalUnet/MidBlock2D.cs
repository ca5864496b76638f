using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>diffusers' UNetMidBlock2DCrossAttn: a residual block, a transformer, a residual block.</summary>
internal sealed class MidBlock2D : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly ModuleList<Transformer2DModel> attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;

    internal MidBlock2D(UNet2DConditionConfig config)
        : base(nameof(MidBlock2D))
    {
        var channels = config.BlockOutChannels[^1];
        attentions = new(new Transformer2DModel(config, config.Levels - 1, onlyCrossAttention: false));
        resnets = new(
            new ResnetBlock2D(config.Resnets, channels, channels, config.MidBlockScaleFactor),
            new ResnetBlock2D(config.Resnets, channels, channels, config.MidBlockScaleFactor)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor activatedTime, Tensor text)
    {
        using var scope = NewDisposeScope();
        var hidden = resnets[0].call(input, activatedTime);
        hidden = attentions[0].call(hidden, text);
        return resnets[1].call(hidden, activatedTime).MoveToOuterDisposeScope();
    }
}
