using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>
/// diffusers' DownBlock2D and CrossAttnDownBlock2D: residual blocks, each followed by a transformer if the block has
/// them, then a halving of height and width unless it is the last block. Called with the hidden state, the activated
/// time embedding and the text; returns every hidden state on the way, for the skip connections; the last one is the
/// block's output.
/// </summary>
internal sealed class DownBlock2D : nn.Module<Tensor, Tensor, Tensor, Tensor[]>
{
    private readonly ModuleList<Transformer2DModel>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Downsample2D>? downsamplers;

    internal DownBlock2D(UNet2DConditionConfig config, int level)
        : base(nameof(DownBlock2D))
    {
        var channels = config.BlockOutChannels[level];
        var inChannels = config.BlockOutChannels[Math.Max(level - 1, 0)];
        var layers = Enumerable.Range(0, config.LayersPerBlock[level]).ToArray();
        if (config.DownBlockTypes[level] == ConditionalUnetReader.DownWithAttention)
            attentions = new([
                .. layers.Select(_ => new Transformer2DModel(config, level, config.OnlyCrossAttention[level])),
            ]);
        resnets = new([
            .. layers.Select(i => new ResnetBlock2D(config.Resnets, i == 0 ? inChannels : channels, channels)),
        ]);
        if (level < config.Levels - 1)
            downsamplers = new(new Downsample2D(channels, config.DownsamplePadding));
        RegisterComponents();
    }

    public override Tensor[] forward(Tensor input, Tensor activatedTime, Tensor text)
    {
        using var scope = NewDisposeScope();
        var states = new List<Tensor>();
        var hidden = input;
        for (var i = 0; i < resnets.Count; i++)
        {
            hidden = resnets[i].call(hidden, activatedTime);
            if (attentions is not null)
                hidden = attentions[i].call(hidden, text);
            states.Add(hidden);
        }
        if (downsamplers is not null)
            states.Add(downsamplers[0].call(hidden));
        return [.. states.Select(state => state.MoveToOuterDisposeScope())];
    }
}
