using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>The gradients of one parameter, one for each of B samples. Owns its tensors, which belong to no dispose scope.</summary>
internal abstract class ParameterGradients : IDisposable
{
    /// <summary>‖g_b‖² of each sample, in double.</summary>
    public abstract double[] SquaredNorms();

    /// <summary>Σ_b w_rb·g_b for each row r of <paramref name="weights"/>.</summary>
    /// <param name="weights">float32 [R, B].</param>
    /// <returns>float32, contiguous: R rows of the parameter's values in its row-major order; the caller disposes it.</returns>
    public abstract Tensor WeightedSums(Tensor weights);

    /// <summary>The sum of these gradients and those of another use of the same layer in the same pass; disposes both.</summary>
    public ParameterGradients Plus(ParameterGradients other)
    {
        var (mine, theirs) = (ToDense(), other.ToDense());
        mine.Add(theirs);
        theirs.Dispose();
        return mine;
    }

    /// <summary>The same gradients with every value stored; these are disposed unless they are returned.</summary>
    protected abstract DenseGradients ToDense();

    /// <inheritdoc/>
    public abstract void Dispose();
}
