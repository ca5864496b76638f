using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>Residual blocks, then a halving of height and width unless it is the last block.</summary>
internal sealed class DownEncoderBlock2D : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Downsample2D>? downsamplers;

    internal DownEncoderBlock2D(AutoencoderKLConfig config, int level)
        : base(nameof(DownEncoderBlock2D))
    {
        var channels = config.BlockOutChannels[level];
        var inChannels = config.BlockOutChannels[Math.Max(level - 1, 0)];
        resnets = new([
            .. Enumerable
                .Range(0, config.LayersPerBlock)
                .Select(i => new ResnetBlock2D(config, i == 0 ? inChannels : channels, channels)),
        ]);
        if (level < config.BlockOutChannels.Length - 1)
            downsamplers = new(new Downsample2D(channels, padding: 0));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = input;
        foreach (var resnet in resnets)
            hidden = resnet.call(hidden);
        if (downsamplers is not null)
            hidden = downsamplers[0].call(hidden);
        return hidden.MoveToOuterDisposeScope();
    }
}
