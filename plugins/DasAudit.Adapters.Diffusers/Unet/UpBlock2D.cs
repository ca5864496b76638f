using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>
/// Residual blocks, each fed the hidden state and one skip connection, each followed by attention if the block has it,
/// then a doubling of height and width unless it is the last block. Called with the hidden state, the activated time
/// embedding and the skip connections that are left; it pops its own off the stack and does not dispose them.
/// </summary>
internal sealed class UpBlock2D : nn.Module<Tensor, Tensor, Stack<Tensor>, Tensor>
{
    private readonly ModuleList<Attention>? attentions;
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<nn.Module>? upsamplers;

    // Index 0 is the smallest picture.
    internal UpBlock2D(UNet2DConfig config, int index)
        : base(nameof(UpBlock2D))
    {
        var reversed = config.BlockOutChannels.Reverse().ToArray();
        var channels = reversed[index];
        var previous = reversed[Math.Max(index - 1, 0)];
        var lastSkip = reversed[Math.Min(index + 1, reversed.Length - 1)];
        var hasAttention = config.UpBlockTypes[index] == "AttnUpBlock2D";
        var count = config.LayersPerBlock + 1;
        if (hasAttention)
            attentions = new([
                .. Enumerable
                    .Range(0, count)
                    .Select(_ => new Attention(config.Attentions, channels, config.NormNumGroups)),
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
        if (index < reversed.Length - 1)
        {
            upsamplers = new(
                hasAttention && config.ResnetUpsample
                    ? new ResnetBlock2D(config.Resnets, channels, channels, resample: Resample.Up)
                    : new Upsample2D(channels)
            );
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor activatedTime, Stack<Tensor> skips)
    {
        using var scope = NewDisposeScope();
        var hidden = input;
        for (var i = 0; i < resnets.Count; i++)
        {
            hidden = resnets[i].call(cat([hidden, skips.Pop()], 1), activatedTime);
            if (attentions is not null)
                hidden = attentions[i].call(hidden);
        }
        foreach (var upsampler in upsamplers ?? Enumerable.Empty<nn.Module>())
            hidden = upsampler is ResnetBlock2D resnet
                ? resnet.call(hidden, activatedTime)
                : ((Upsample2D)upsampler).call(hidden);
        return hidden.MoveToOuterDisposeScope();
    }
}
