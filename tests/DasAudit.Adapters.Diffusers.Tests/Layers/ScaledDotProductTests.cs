using DasAudit.Adapters.Diffusers.Layers;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Layers;

public sealed class ScaledDotProductTests
{
    /// <summary>Values and gradients by queries, keys and values, of self and of cross attention.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(4)]
    public void Whole_matrices_give_what_the_fused_kernel_gives(int keys)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var directions = randn(2, 9, 12);
        var (fused, ofFused) = Differentiate((q, k, v) => ScaledDotProduct.Attend(q, k, v, heads: 3));
        var (whole, ofWhole) = Differentiate(
            (q, k, v) => ScaledDotProduct.AttendWhole(Heads(q), Heads(k), Heads(v)).transpose(1, 2).flatten(2)
        );

        Assert.True(fused.allclose(whole, rtol: 1e-5, atol: 1e-6));
        foreach (var (expected, gradient) in ofFused.Zip(ofWhole))
            Assert.True(expected.allclose(gradient, rtol: 1e-5, atol: 1e-6));

        (Tensor Values, IList<Tensor> Gradients) Differentiate(Func<Tensor, Tensor, Tensor, Tensor> attend)
        {
            manual_seed(4);
            var query = randn(2, 9, 12, requires_grad: true);
            var key = randn(2, keys, 12, requires_grad: true);
            var value = randn(2, keys, 12, requires_grad: true);
            var attended = attend(query, key, value);
            return (attended, autograd.grad([(attended * directions).sum()], [query, key, value]));
        }

        static Tensor Heads(Tensor projected) => projected.unflatten(2, 3, -1).transpose(1, 2);
    }
}
