using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>Latents, after the convolution behind quantisation → pictures.</summary>
internal sealed class Decoder : nn.Module<Tensor, Tensor>
{
    // Fields stand in the order in which diffusers registers them, not in that of the calls.
    private readonly Conv2d conv_in;
    private readonly ModuleList<UpDecoderBlock2D> up_blocks;
    private readonly MidBlock2D mid_block;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;

    internal Decoder(AutoencoderKLConfig config)
        : base(nameof(Decoder))
    {
        var channels = config.BlockOutChannels;
        conv_in = Unfilled.Conv2d(config.LatentChannels, channels[^1], 3, padding: 1);
        up_blocks = new([.. Enumerable.Range(0, channels.Length).Select(index => new UpDecoderBlock2D(config, index))]);
        mid_block = new MidBlock2D(config);
        conv_norm_out = nn.GroupNorm(config.NormNumGroups, channels[0], AutoencoderKLConfig.NormEps);
        conv_out = Unfilled.Conv2d(channels[0], config.OutChannels, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var hidden = mid_block.call(conv_in.call(latents));
        foreach (var block in up_blocks)
            hidden = block.call(hidden);
        return conv_out.call(nn.functional.silu(conv_norm_out.CallRowMajor(hidden))).MoveToOuterDisposeScope();
    }
}
