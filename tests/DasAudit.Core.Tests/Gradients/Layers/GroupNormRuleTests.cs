using DasAudit.Core.Gradients.Layers;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Layers;

public class GroupNormRuleTests
{
    [Theory]
    [InlineData(16, 4, 1024, 0)]
    [InlineData(13, 13, 300, 2)]
    [InlineData(24, 6, 200, 100)]
    [InlineData(6, 1, 1, 2)]
    public void The_kernel_computes_what_tensor_operations_compute_in_double(int channels, int groups, int positions, float mean)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var rule = new GroupNormRule(nn.GroupNorm(groups, channels));
        var values = randn([3, positions, channels], generator: generator) + mean;
        Tensor[] deltas = [randn([3, positions, channels], generator: generator), rand([3, positions, channels], generator: generator)];
        var expected = rule.ByTensors(values.to_type(float64), [.. deltas.Select(d => d.to_type(float64))]);
        var actual = GroupNormKernel.Gradients(values, deltas, groups, 1e-5);
        for (var f = 0; f < 2; f++)
        {
            Assert.InRange(((actual[f].Scale - expected[f].Scale).norm() / expected[f].Scale.norm()).item<double>(), 0, 2e-6);
            Assert.InRange(((actual[f].Shift - expected[f].Shift).norm() / expected[f].Shift.norm()).item<double>(), 0, 2e-6);
        }
    }
}
