using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>
/// UpBlock2D and CrossAttnUpBlock2D: residual blocks, each fed the hidden state and one skip connection, each
/// followed by a transformer if the block has them, then an enlargement to the next skip connection's size unless it is
/// the last block. Called with the hidden state, the activated time embedding, the text and the skip connections that
/// are left; it pops its own off the stack and does not dispose them.
/// </summary>
internal sealed class UpBlock2D : nn.Module<Tensor, Tensor, Tensor, Stack<Tensor>, Tensor>
{
    private readonly ModuleList<Transformer2DModel>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<SizedUpsample2D>? upsamplers;

    // Index 0 is the smallest picture.
    internal UpBlock2D(UNet2DConditionConfig config, int index)
        : base(nameof(UpBlock2D))
    {
        var level = config.Levels - 1 - index;
        var channels = config.BlockOutChannels[level];
        var previous = config.BlockOutChannels[Math.Min(level + 1, config.Levels - 1)];
        var lastSkip = config.BlockOutChannels[Math.Max(level - 1, 0)];
        var count = config.LayersPerBlock[level] + 1;
        if (config.UpBlockTypes[index] == ConditionalUnetReader.UpWithAttention)
            attentions = new([
                .. Enumerable
                    .Range(0, count)
                    .Select(_ => new Transformer2DModel(config, level, config.OnlyCrossAttention[level])),
            ]);
        resnets = new([
            .. Enumerable
                .Range(0, count)
                .Select(i => new ResnetBlock2D(
                    config.Resnets,
                    (i == 0 ? previous : channels) + (i == count - 1 ? lastSkip : channels),
                    channels
                )),
        ]);
        if (level > 0)
            upsamplers = new(new SizedUpsample2D(channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor activatedTime, Tensor text, Stack<Tensor> skips)
    {
        using var scope = NewDisposeScope();
        var hidden = input;
        for (var i = 0; i < resnets.Count; i++)
        {
            hidden = resnets[i].call(cat([hidden, skips.Pop()], 1), activatedTime);
            if (attentions is not null)
                hidden = attentions[i].call(hidden, text);
        }
        if (upsamplers is not null)
            hidden = upsamplers[0].call(hidden, skips.Peek().shape[2..]);
        return hidden.MoveToOuterDisposeScope();
    }
}
