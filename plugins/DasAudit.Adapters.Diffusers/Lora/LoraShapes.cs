using TorchSharp.Modules;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// The shapes of A, of what stands between, and of B: for a linear layer [r, in] and [out, r]; for a convolution
/// [r, in, k, k] and [out, r, 1, 1], or [r, in, 1, 1], [r, r, k, k] and [out, r, 1, 1].
/// </summary>
internal sealed record LoraShapes(long[] Down, long[]? Middle, long[] Up)
{
    internal static LoraShapes Of(Layer layer, long rank, bool hasMiddle)
    {
        if (layer is Linear linear)
            return new([rank, linear.in_features], null, [linear.out_features, rank]);
        var convolution = (Conv2d)layer;
        var kernel = convolution.kernel_size;
        long[] up = [convolution.out_channels, rank, 1, 1];
        return hasMiddle
            ? new([rank, convolution.in_channels, 1, 1], [rank, rank, .. kernel], up)
            : new([rank, convolution.in_channels, .. kernel], null, up);
    }

    /// <summary>Whether tensors of a file have these shapes, but for sizes of 1 at the end.</summary>
    internal bool Fit(IReadOnlyList<long> down, IReadOnlyList<long>? middle, IReadOnlyList<long> up) =>
        AreAlike(down, Down)
        && AreAlike(up, Up)
        && (middle is null ? Middle is null : Middle is not null && AreAlike(middle, Middle));

    // A 1×1 convolution and a linear layer are stored as either.
    private static bool AreAlike(IReadOnlyList<long> stored, long[] expected) =>
        stored.Count >= 2 && Trimmed(stored).SequenceEqual(Trimmed(expected));

    private static IEnumerable<long> Trimmed(IReadOnlyList<long> shape)
    {
        var length = shape.Count;
        while (length > 2 && shape[length - 1] == 1)
            length--;
        return shape.Take(length);
    }
}
