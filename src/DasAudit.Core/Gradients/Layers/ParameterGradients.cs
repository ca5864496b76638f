using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>The gradients of one parameter in B samples. Owns its tensors, which no dispose scope has.</summary>
internal abstract class ParameterGradients : IDisposable
{
    private double[]? _squaredNorms;

    /// <summary>‖g_b‖² of each sample, in double.</summary>
    public double[] SquaredNorms => _squaredNorms ??= ComputeSquaredNorms();

    public abstract long Bytes { get; }

    /// <summary>Computes <see cref="SquaredNorms"/> now, while the values are in the cache.</summary>
    public void ComputeNorms() => _squaredNorms ??= ComputeSquaredNorms();

    /// <summary>Adds Σ_b w_b·g_b to a sum in the parameter's row-major order; skips weights of zero.</summary>
    public abstract void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum);

    /// <summary>The sum of these and those of another call of the layer in the same pass; disposes both.</summary>
    public ParameterGradients Plus(ParameterGradients others)
    {
        using var addend = others.ToDense();
        var sum = ToDense();
        sum.Add(addend);
        return sum;
    }

    /// <summary>Multiplied by contiguous float32 factors of its shape; disposes these unless returned.</summary>
    public virtual ParameterGradients Scaled(Tensor factors) => ToDense().Scaled(factors);

    public abstract void Dispose();

    /// <summary>The same gradients with every value stored; disposes these unless returned.</summary>
    public abstract DenseGradients ToDense();

    protected abstract double[] ComputeSquaredNorms();

    /// <summary>Bytes of a tensor.</summary>
    protected static long Size(Tensor tensor) => tensor.numel() * tensor.ElementSize;

    protected void Changed() => _squaredNorms = null;
}
