using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>
/// Residual blocks, each followed by attention if the block has it, then a halving of height and width unless it is the
/// last block. Returns every hidden state on the way, for the skip connections; the last one is the block's output.
/// </summary>
internal sealed class DownBlock2D : nn.Module<Tensor, Tensor, Tensor[]>
{
    private readonly ModuleList<Attention>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<nn.Module>? downsamplers;

    internal DownBlock2D(UNet2DConfig config, int level)
        : base(nameof(DownBlock2D))
    {
        var channels = config.BlockOutChannels[level];
        var inChannels = config.BlockOutChannels[Math.Max(level - 1, 0)];
        var hasAttention = config.DownBlockTypes[level] == "AttnDownBlock2D";
        var layers = Enumerable.Range(0, config.LayersPerBlock).ToArray();
        if (hasAttention)
            attentions = new([.. layers.Select(_ => new Attention(config.Attentions, channels, config.NormNumGroups))]);
        resnets = new([
            .. layers.Select(i => new ResnetBlock2D(config.Resnets, i == 0 ? inChannels : channels, channels)),
        ]);
        // Only blocks with attention know the residual kind of downsampling.
        if (level < config.BlockOutChannels.Length - 1)
        {
            downsamplers = new(
                hasAttention && config.ResnetDownsample
                    ? new ResnetBlock2D(config.Resnets, channels, channels, resample: Resample.Down)
                    : new Downsample2D(channels, config.DownsamplePadding)
            );
        }
        RegisterComponents();
    }

    public override Tensor[] forward(Tensor input, Tensor activatedTime)
    {
        using var scope = NewDisposeScope();
        var states = new List<Tensor>();
        var hidden = input;
        for (var i = 0; i < resnets.Count; i++)
        {
            hidden = resnets[i].call(hidden, activatedTime);
            if (attentions is not null)
                hidden = attentions[i].call(hidden);
            states.Add(hidden);
        }
        foreach (var downsampler in downsamplers ?? Enumerable.Empty<nn.Module>())
        {
            hidden = downsampler is ResnetBlock2D resnet
                ? resnet.call(hidden, activatedTime)
                : ((Downsample2D)downsampler).call(hidden);
            states.Add(hidden);
        }
        return [.. states.Select(state => state.MoveToOuterDisposeScope())];
    }
}
