using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>The gradients of one parameter, one for each of B samples. Owns its tensors, which belong to no dispose scope.</summary>
internal abstract class ParameterGradients : IDisposable
{
    private double[]? _squaredNorms;

    /// <summary>‖g_b‖² of each sample, in double.</summary>
    public double[] SquaredNorms => _squaredNorms ??= ComputeSquaredNorms();

    /// <summary>Bytes that they take.</summary>
    public abstract long Bytes { get; }

    /// <summary>Adds Σ_b w_b·g_b.</summary>
    /// <param name="weights">w; samples of weight zero are passed over.</param>
    /// <param name="sum">Where to: the parameter's values in its row-major order.</param>
    public abstract void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum);

    /// <summary>The sum of these gradients and those of another use of the same layer in the same pass; disposes both.</summary>
    public ParameterGradients Plus(ParameterGradients other)
    {
        using var theirs = other.ToDense();
        var mine = ToDense();
        mine.Add(theirs);
        return mine;
    }

    /// <summary>The gradients with every value multiplied by one that is the same for all samples; disposes these unless they are returned.</summary>
    /// <param name="factors">float32 of the parameter's shape, contiguous.</param>
    public abstract ParameterGradients Scaled(Tensor factors);

    /// <summary>The same gradients with every value stored; these are disposed unless they are returned.</summary>
    protected abstract DenseGradients ToDense();

    /// <summary>Computes <see cref="SquaredNorms"/>.</summary>
    protected abstract double[] ComputeSquaredNorms();

    /// <summary>Bytes of a tensor.</summary>
    protected static long Size(Tensor tensor) => tensor.numel() * tensor.ElementSize;

    /// <summary>Tells that values changed.</summary>
    protected void Changed() => _squaredNorms = null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
