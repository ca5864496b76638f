using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Vae;

/// <summary>
/// diffusers' AutoencoderKL: its parameters have the names and the order of that library's state dict. Pictures are
/// float [N, in_channels, H, W] in −1..1, latents float [N, latent_channels, H/f, W/f] with the configuration's
/// downsampling factor f, scaled as the U-Net takes them.
/// </summary>
internal sealed class AutoencoderKL : nn.Module
{
    private readonly Encoder encoder;
    private readonly Decoder decoder;
    private readonly Conv2d? quant_conv;
    private readonly Conv2d? post_quant_conv;
    private readonly AutoencoderKLConfig _config;

    internal AutoencoderKL(AutoencoderKLConfig config)
        : base(nameof(AutoencoderKL))
    {
        var latents = config.LatentChannels;
        encoder = new Encoder(config);
        decoder = new Decoder(config);
        if (config.UseQuantConv)
            quant_conv = Unfilled.Conv2d(2 * latents, 2 * latents, 1);
        if (config.UsePostQuantConv)
            post_quant_conv = Unfilled.Conv2d(latents, latents, 1);
        _config = config;
        RegisterComponents();
    }

    /// <summary>A picture's latents: the mode of their distribution; the caller disposes them.</summary>
    internal Tensor Encode(Tensor picture)
    {
        using var scope = NewDisposeScope();
        var mean = Moments(picture).chunk(2, 1)[0];
        return ((mean - _config.ShiftFactor) * _config.ScalingFactor).MoveToOuterDisposeScope();
    }

    /// <summary>The picture of latents, not clipped to −1..1; the caller disposes it.</summary>
    internal Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var unscaled = latents / _config.ScalingFactor + _config.ShiftFactor;
        return decoder.call(post_quant_conv?.call(unscaled) ?? unscaled).MoveToOuterDisposeScope();
    }

    /// <summary>Mean and log variance of the latents' distribution, unscaled: [N, 2·latent_channels, …].</summary>
    internal Tensor Moments(Tensor picture)
    {
        using var scope = NewDisposeScope();
        var moments = encoder.call(picture);
        return (quant_conv?.call(moments) ?? moments).MoveToOuterDisposeScope();
    }
}
