using DasAudit.Core.Gradients;
using DasAudit.Core.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Curvature;

/// <summary>
/// A linear or two-dimensional convolution layer as the product of a matrix W [O, I] with columns a: one for each
/// position that shares the weights ("expand"), patches for a convolution, with a last value of 1 where the bias is
/// attributed too. Its per-sample gradient is G = Σ_l δ_l·a_lᵀ.
/// </summary>
internal sealed class KroneckerLayer
{
    private readonly int _width;
    private readonly int _weightOffset;
    private readonly int? _biasOffset;

    private KroneckerLayer(string name, nn.Module module, Tensor weight, int weightOffset, int? biasOffset)
    {
        (Name, Module, Weight, _weightOffset, _biasOffset) = (name, module, weight, weightOffset, biasOffset);
        (Outputs, _width) = ((int)weight.shape[0], (int)(weight.numel() / weight.shape[0]));
        Inputs = _width + (biasOffset is null ? 0 : 1);
    }

    public string Name { get; }

    /// <summary>The layer itself; gone with its model.</summary>
    public nn.Module Module { get; }

    /// <summary>Its weight; gone with its model.</summary>
    public Tensor Weight { get; }

    /// <summary>O.</summary>
    public int Outputs { get; }

    /// <summary>I, with the bias.</summary>
    public int Inputs { get; }

    /// <summary>Values of both factors, I² + O².</summary>
    public long FactorSize => (long)Inputs * Inputs + (long)Outputs * Outputs;

    /// <summary>Values of W, O·I.</summary>
    public long WeightSize => (long)Outputs * Inputs;

    /// <summary>The layers of a network whose weights are attributed.</summary>
    public static IReadOnlyList<KroneckerLayer> Of(nn.Module network, AttributedParameters parameters)
    {
        var positions = parameters.Names.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        int? At(string module, string parameter) =>
            positions.TryGetValue(module.Length == 0 ? parameter : $"{module}.{parameter}", out var at) ? at : null;
        KroneckerLayer Layer(string name, nn.Module module, int weight) =>
            new(
                name,
                module,
                parameters.Tensors[weight],
                parameters.Space.Offsets[weight],
                At(name, "bias") is { } bias ? parameters.Space.Offsets[bias] : null
            );
        return
        [
            .. network
                .named_modules()
                .Prepend((name: "", module: network))
                .Where(pair => pair.module is Linear or Conv2d && At(pair.name, "weight") is not null)
                .Select(pair => Layer(pair.name, pair.module, At(pair.name, "weight")!.Value)),
        ];
    }

    /// <summary>a, float32 [B, groups, I, positions], from what the layer was called with.</summary>
    public Tensor Columns(Tensor input)
    {
        var batch = input.shape[0];
        var columns = Module is Conv2d convolution
            ? Patches(input, convolution).view(batch, convolution.groups, _width, -1)
            : input.reshape(batch, -1, input.shape[^1]).transpose(1, 2).unsqueeze(1);
        return _biasOffset is null
            ? columns
            : cat([columns, ones([batch, columns.shape[1], 1, columns.shape[3]], device: input.device)], 2);
    }

    /// <summary>δ, float32 [B, groups, O/groups, positions], from the gradient by what the layer gave.</summary>
    public Tensor Deltas(Tensor delta) =>
        Module is Conv2d convolution
            ? delta.reshape(delta.shape[0], convolution.groups, Outputs / convolution.groups, -1)
            : delta.reshape(delta.shape[0], -1, Outputs).transpose(1, 2).unsqueeze(1);

    /// <summary>G of each row, float32 [B, O, I], from a and δ.</summary>
    public Tensor Gradients(Tensor columns, Tensor deltas) =>
        deltas.matmul(columns.transpose(2, 3)).reshape(columns.shape[0], Outputs, Inputs);

    /// <summary>Its part of a whole gradient, float64 [O, I] on its device, in the caller's dispose scope.</summary>
    public Tensor Slice(float[] gradient)
    {
        var slice = new double[Outputs * Inputs];
        for (var o = 0; o < Outputs; o++)
        {
            for (var i = 0; i < _width; i++)
                slice[o * Inputs + i] = gradient[_weightOffset + o * _width + i];
            if (_biasOffset is { } bias)
                slice[o * Inputs + _width] = gradient[bias + o];
        }

        return tensor(slice, [Outputs, Inputs], device: Weight.device);
    }

    /// <summary>Writes this layer's part, float64 [O, I], into a gradient of all attributed parameters.</summary>
    public void Write(Tensor slice, float[] gradient)
    {
        var values = slice.cpu().contiguous().data<double>().ToArray();
        for (var o = 0; o < Outputs; o++)
        {
            for (var i = 0; i < _width; i++)
                gradient[_weightOffset + o * _width + i] = (float)values[o * Inputs + i];
            if (_biasOffset is { } bias)
                gradient[bias + o] = (float)values[o * Inputs + _width];
        }
    }

    // [B, C·kernel, positions], padded as the layer pads.
    private static Tensor Patches(Tensor input, Conv2d layer)
    {
        var geometry = ConvolutionGeometry.Of(layer);
        var (before, after) = (geometry.Before, geometry.After);
        long[] padding = [before.X, after.X, before.Y, after.Y];
        var padded = padding.All(p => p == 0)
            ? input
            : nn.functional.pad(
                input,
                padding,
                layer.padding_mode == PaddingModes.Zeros ? PaddingModes.Constant : layer.padding_mode
            );
        return nn.functional.unfold(padded.contiguous(), geometry.Kernel, geometry.Dilation, (0, 0), geometry.Stride);
    }
}
