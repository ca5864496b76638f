using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The layers of one LoRA inside the layer that it changes: B·A, or B·M·A.</summary>
internal sealed record LoraFactors(Layer Down, Layer? Middle, Layer Up)
{
    /// <summary>r.</summary>
    internal long Rank => Weight(Up).shape[1];

    /// <summary>Makes them on the layer's device, in its mode, from values that are copied.</summary>
    internal static LoraFactors Of(Layer layer, Tensor down, Tensor? middle, Tensor up)
    {
        var shapes = LoraShapes.Of(layer, down.shape[0], middle is not null);
        var factors = layer is Conv2d convolution
            ? Convolutions(convolution, shapes, down, middle, up)
            : new LoraFactors(Linear(down, shapes.Down), null, Linear(up, shapes.Up));
        foreach (var factor in factors.All)
        {
            factor.to(Weight(layer).device);
            factor.train(layer.training);
        }
        return factors;
    }

    /// <summary>Those that there are, in the order in which they are called.</summary>
    internal IEnumerable<Layer> All => Middle is null ? [Down, Up] : [Down, Middle, Up];

    /// <summary>What the LoRA adds to the layer's output, but for its scale.</summary>
    internal Tensor Change(Tensor input)
    {
        using var scope = NewDisposeScope();
        // Where the layer computes in bfloat16 its input is rounded; these layers may compute in float32 still.
        var hidden = input.to_type(Weight(Down).dtype);
        foreach (var factor in All)
            hidden = factor.call(hidden);
        return hidden.MoveToOuterDisposeScope();
    }

    internal static Parameter Weight(Layer layer) => layer is Linear linear ? linear.weight : ((Conv2d)layer).weight;

    // What stands between has the layer's kernel; without it A has.
    private static LoraFactors Convolutions(Conv2d layer, LoraShapes shapes, Tensor down, Tensor? middle, Tensor up) =>
        new(
            Convolution(down, shapes.Down, middle is null ? layer : null),
            middle is null ? null : Convolution(middle, shapes.Middle!, layer),
            Convolution(up, shapes.Up, null)
        );

    private static Linear Linear(Tensor values, long[] shape) => nn.Linear(Copy(values, shape));

    private static Conv2d Convolution(Tensor values, long[] shape, Conv2d? like)
    {
        // On the device without values nothing is drawn for the weights that are replaced.
        var convolution = nn.Conv2d(
            shape[1],
            shape[0],
            (shape[2], shape[3]),
            stride: Pair(like?.stride),
            padding: Pair(like?.padding),
            dilation: Pair(like?.dilation),
            padding_mode: like?.padding_mode ?? PaddingModes.Zeros,
            bias: false,
            device: META
        );
        convolution.weight = Copy(values, shape);
        return convolution;
    }

    private static (long, long)? Pair(long[]? values) => values is null ? null : (values[0], values[1]);

    private static Parameter Copy(Tensor values, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return new Parameter(values.reshape(shape).clone().DetachFromDisposeScope());
    }
}
