using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>Residual blocks, then a doubling of height and width unless it is the last block.</summary>
internal sealed class UpDecoderBlock2D : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Upsample2D>? upsamplers;

    // Index 0 is the smallest picture.
    internal UpDecoderBlock2D(AutoencoderKLConfig config, int index)
        : base(nameof(UpDecoderBlock2D))
    {
        var channels = config.BlockOutChannels[^(index + 1)];
        var inChannels = config.BlockOutChannels[^Math.Max(index, 1)];
        resnets = new([
            .. Enumerable
                .Range(0, config.LayersPerBlock + 1)
                .Select(i => new ResnetBlock2D(config, i == 0 ? inChannels : channels, channels)),
        ]);
        if (index < config.BlockOutChannels.Length - 1)
            upsamplers = new(new Upsample2D(channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = input;
        foreach (var resnet in resnets)
            hidden = resnet.call(hidden);
        if (upsamplers is not null)
            hidden = upsamplers[0].call(hidden);
        return hidden.MoveToOuterDisposeScope();
    }
}
