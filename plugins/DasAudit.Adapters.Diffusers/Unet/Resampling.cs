using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>Halves height and width with a strided convolution.</summary>
internal sealed class Downsample2D : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly bool _asymmetric;

    internal Downsample2D(int channels, int padding)
        : base(nameof(Downsample2D))
    {
        conv = Unfilled.Conv2d(channels, channels, 3, stride: 2, padding: padding);
        _asymmetric = padding == 0;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        if (!_asymmetric)
            return conv.call(input);
        using var padded = nn.functional.pad(input, (0, 1, 0, 1));
        return conv.call(padded);
    }
}

/// <summary>Doubles height and width by repeating each value, then convolves.</summary>
internal sealed class Upsample2D : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    internal Upsample2D(int channels)
        : base(nameof(Upsample2D))
    {
        conv = Unfilled.Conv2d(channels, channels, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var doubled = Double(input);
        return conv.call(doubled);
    }

    internal static Tensor Double(Tensor input) =>
        nn.functional.interpolate(input, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
}
