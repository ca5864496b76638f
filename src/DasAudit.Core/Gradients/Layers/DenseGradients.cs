using System.Buffers;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Torch;
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
    private const int Block = 4096;

    private readonly Tensor _values = values.contiguous().DetachFromDisposeScope();

    public override long Bytes => Size(_values);

    public override unsafe void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var local = _values.cpu();
        var start = NativeFloats.Pointer(local);
        // Whole kernels of one output channel, few enough for the first cache.
        var kernel = kernelLength == 1 ? 1 : sum.Length / (int)_values.shape[1];
        var block = Math.Max(1, Block / kernel) * kernel;
        var laid = ArrayPool<float>.Shared.Rent(block);
        for (var at = 0; at < sum.Length; at += block)
        {
            var part = sum.Slice(at, Math.Min(block, sum.Length - at));
            var total = kernelLength == 1 ? part : laid.AsSpan(0, part.Length);
            if (kernelLength > 1)
                total.Clear();
            for (var b = 0; b < weights.Length; b++)
            {
                if (weights[b] != 0)
                    TensorPrimitives.MultiplyAdd(
                        NativeFloats.Row(start, b, sum.Length).Slice(at, part.Length),
                        weights[b],
                        total,
                        total
                    );
            }

            if (kernelLength > 1)
                AddTransposed(total, part, kernel, kernelLength);
        }

        ArrayPool<float>.Shared.Return(laid);
    }

    /// <summary>Adds other gradients of the same parameter.</summary>
    public void Add(DenseGradients other)
    {
        _values.add_(other._values);
        Changed();
    }

    /// <summary>⟨g_b, θ⟩ of each sample with values that lie as the parameter's.</summary>
    public double[] Products(Tensor parameter) => TangentTarget.Products(_values, parameter.unsqueeze(0));

    public override ParameterGradients Scaled(Tensor factors)
    {
        using var scope = NewDisposeScope();
        var laid =
            kernelLength == 1
                ? factors.flatten()
                : factors.view(factors.shape[0], -1, kernelLength).transpose(1, 2).flatten();
        _values.view(_values.shape[0], -1).mul_(laid);
        Changed();
        return this;
    }

    public override void Dispose() => _values.Dispose();

    protected override double[] ComputeSquaredNorms() => Numerics.SquaredNorms.OfRows(_values);

    protected override DenseGradients ToDense() => this;

    /// <summary>Adds values that lie as [O, k, C] to a sum that lies as [O, C, k].</summary>
    /// <param name="values">The values.</param>
    /// <param name="sum">The sum.</param>
    /// <param name="kernel">k·C.</param>
    /// <param name="kernelLength">k.</param>
    private static unsafe void AddTransposed(ReadOnlySpan<float> values, Span<float> sum, int kernel, int kernelLength)
    {
        var channels = kernel / kernelLength;
        fixed (
            float* from = values,
                to = sum
        )
        {
            for (var row = 0; row < values.Length; row += kernel)
            {
                for (var k = 0; k < kernelLength; k++)
                {
                    var source = from + row + k * channels;
                    var target = to + row + k;
                    for (var end = source + channels; source < end; source++, target += kernelLength)
                        *target += *source;
                }
            }
        }
    }
}
