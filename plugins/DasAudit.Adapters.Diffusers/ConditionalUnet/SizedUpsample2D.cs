using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.ConditionalUnet;

/// <summary>Enlarges to a height and width by repeating the nearest value, then convolves.</summary>
internal sealed class SizedUpsample2D : nn.Module<Tensor, long[], Tensor>
{
    private readonly Conv2d conv;

    internal SizedUpsample2D(int channels)
        : base(nameof(SizedUpsample2D))
    {
        conv = Unfilled.Conv2d(channels, channels, 3, padding: 1);
        RegisterComponents();
    }

    // Double, unless the picture has an odd size on a lower level.
    public override Tensor forward(Tensor input, long[] size)
    {
        using var enlarged = nn.functional.interpolate(input, size: size, mode: InterpolationMode.Nearest);
        return conv.call(enlarged);
    }
}
