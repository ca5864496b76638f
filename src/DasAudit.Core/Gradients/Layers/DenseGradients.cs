using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Gradients with every value stored.</summary>
/// <param name="values">float32 [B, …]; changed in place later, so nobody else's.</param>
/// <param name="kernelLength">k if values lie as [B, O, k, C] and the parameter's as [O, C, k]; else 1.</param>
internal sealed class DenseGradients(Tensor values, int kernelLength = 1) : ParameterGradients
{
    private readonly Tensor _values = values.contiguous().DetachFromDisposeScope();

    public override long Bytes => Size(_values);

    public override void AddWeightedSum(ReadOnlySpan<float> weights, Span<float> sum)
    {
        using var local = _values.cpu();
        WeightedSums.Add(local, kernelLength, weights, sum);
    }

    public void Add(DenseGradients addend)
    {
        _values.add_(addend._values);
        Changed();
    }

    /// <summary>The values of each sample, float32 [B, n], in the order in which they lie.</summary>
    public Tensor Rows => _values.view(_values.shape[0], -1);

    /// <summary>k if values lie as [O, k, C] and the parameter's as [O, C, k]; else 1.</summary>
    public int KernelLength => kernelLength;

    /// <summary>⟨g_b, θ⟩ of each sample with values that lie as the parameter's, float64 [B].</summary>
    public Tensor Products(Tensor parameter) => TangentTarget.Products(_values, parameter.unsqueeze(0));

    public override ParameterGradients Scaled(Tensor factors)
    {
        using var scope = NewDisposeScope();
        var arranged =
            kernelLength == 1
                ? factors.flatten()
                : factors.view(factors.shape[0], -1, kernelLength).transpose(1, 2).flatten();
        _values.view(_values.shape[0], -1).mul_(arranged);
        Changed();
        return this;
    }

    public override void Dispose() => _values.Dispose();

    protected override double[] ComputeSquaredNorms() => Numerics.SquaredNorms.OfRows(_values);

    public override DenseGradients ToDense() => this;
}
