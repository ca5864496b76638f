using System.Buffers;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients with every value stored.</summary>
/// <param name="values">float32 [B, …]; changed in place later, so nobody else's.</param>
/// <param name="kernelLength">
/// Length k of a convolution's kernel if values lie as [B, O, k, C] where the parameter's lie as [O, C, k]; 1 if they lie as the parameter's.
/// </param>
internal sealed class DenseGradients(Tensor values, int kernelLength = 1) : ParameterGradients
{
    private readonly Tensor _values = values.contiguous().DetachFromDisposeScope();

    public override void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        if (kernelLength == 1)
        {
            AddRows(weights, sum);
            return;
        }

        var ordered = ArrayPool<float>.Shared.Rent(sum.Length);
        var laid = ordered.AsSpan(0, sum.Length);
        laid.Clear();
        AddRows(weights, laid);
        var (kernels, channels) = ((int)_values.shape[1], sum.Length / (int)_values.shape[1] / kernelLength);
        for (var (o, at) = (0, 0); o < kernels; o++, at += kernelLength * channels)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var k = 0; k < kernelLength; k++) sum[at + c * kernelLength + k] += laid[at + k * channels + c];
            }
        }

        ArrayPool<float>.Shared.Return(ordered);
    }

    /// <summary>Adds other gradients of the same parameter.</summary>
    public void Add(DenseGradients other)
    {
        _values.add_(other._values);
        Changed();
    }

    public override ParameterGradients Scaled(Tensor factors)
    {
        using var scope = NewDisposeScope();
        var laid = kernelLength == 1 ? factors.flatten() : factors.view(factors.shape[0], -1, kernelLength).transpose(1, 2).flatten();
        _values.view(_values.shape[0], -1).mul_(laid);
        Changed();
        return this;
    }

    public override void Dispose() => _values.Dispose();

    protected override double[] ComputeSquaredNorms() => Gradients.SquaredNorms.OfRows(_values);

    protected override DenseGradients ToDense() => this;

    private unsafe void AddRows(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var local = _values.cpu();
        var start = NativeFloats.Pointer(local);
        for (var b = 0; b < weights.Length; b++)
        {
            if (weights[b] != 0) TensorPrimitives.MultiplyAdd(NativeFloats.Row(start, b, sum.Length), weights[b], sum, sum);
        }
    }
}
