using TorchSharp.Modules;

namespace DasAudit.Core.Numerics;

/// <summary>A convolution's kernel on a picture with zeros Before and After; pairs are vertical, horizontal.</summary>
internal sealed record ConvolutionGeometry(
    (int Y, int X) Kernel,
    (int Y, int X) Stride,
    (int Y, int X) Dilation,
    (int Y, int X) Before,
    (int Y, int X) After,
    int Groups
)
{
    /// <summary>Every position is a patch by itself.</summary>
    public static ConvolutionGeometry Pointwise { get; } = new((1, 1), (1, 1), (1, 1), (0, 0), (0, 0), 1);

    public int KernelLength => Kernel.Y * Kernel.X;

    public ConvolutionGeometry Unpadded => this with { Before = (0, 0), After = (0, 0) };

    /// <summary>The geometry of a layer, with the padding that it does itself whatever it pads with.</summary>
    public static ConvolutionGeometry Of(Convolution layer)
    {
        var total = (Y: Padding(layer, 0), X: Padding(layer, 1));
        return new(
            Pair(layer.kernel_size),
            Pair(layer.stride),
            Pair(layer.dilation),
            (total.Y / 2, total.X / 2),
            (total.Y - total.Y / 2, total.X - total.X / 2),
            (int)layer.groups
        );
    }

    private static int Padding(Convolution layer, int dimension) =>
        layer.padding_type == TorchSharp.Padding.Same
            ? (int)(layer.dilation[dimension] * (layer.kernel_size[dimension] - 1))
            : (int)(2 * (layer.padding?[dimension] ?? 0));

    private static (int Y, int X) Pair(long[] values) => ((int)values[0], (int)values[1]);
}
