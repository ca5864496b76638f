using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>Pictures → mean and log variance of their latents, before the quantising convolution.</summary>
internal sealed class Encoder : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly ModuleList<DownEncoderBlock2D> down_blocks;
    private readonly MidBlock2D mid_block;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;

    internal Encoder(AutoencoderKLConfig config)
        : base(nameof(Encoder))
    {
        var channels = config.BlockOutChannels;
        conv_in = Unfilled.Conv2d(config.InChannels, channels[0], 3, padding: 1);
        down_blocks = new([
            .. Enumerable.Range(0, channels.Length).Select(level => new DownEncoderBlock2D(config, level)),
        ]);
        mid_block = new MidBlock2D(config);
        conv_norm_out = nn.GroupNorm(config.NormNumGroups, channels[^1], AutoencoderKLConfig.NormEps);
        conv_out = Unfilled.Conv2d(channels[^1], 2 * config.LatentChannels, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor picture)
    {
        using var scope = NewDisposeScope();
        var hidden = conv_in.call(picture);
        foreach (var block in down_blocks)
            hidden = block.call(hidden);
        hidden = mid_block.call(hidden);
        return conv_out.call(nn.functional.silu(conv_norm_out.CallRowMajor(hidden))).MoveToOuterDisposeScope();
    }
}
