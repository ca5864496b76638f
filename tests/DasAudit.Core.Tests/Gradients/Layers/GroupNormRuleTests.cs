using DasAudit.Core.Gradients.Layers;
using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Layers;

public class GroupNormRuleTests
{
    [Theory]
    [InlineData(16, 4, 1024, 0)]
    [InlineData(13, 13, 300, 2)]
    [InlineData(24, 6, 200, 100)]
    [InlineData(6, 1, 1, 2)]
    public void The_kernel_computes_what_autograd_computes_in_double(
        int channels,
        int groups,
        int positions,
        float mean
    )
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var scale = randn([channels], generator: generator);
        var values = randn([3, positions, channels], generator: generator) + mean;
        var deltas = rand([3, positions, channels], generator: generator);

        var actual = GroupNormKernel.Backward(values, deltas, scale, groups, 1e-5);

        var rowMajor = GroupNormKernel.Backward(
            values.transpose(1, 2).contiguous().transpose(1, 2),
            deltas,
            scale,
            groups,
            1e-5
        );
        Assert.True(
            actual.Scale.Equals(rowMajor.Scale)
                && actual.Shift.Equals(rowMajor.Shift)
                && actual.Values.Equals(rowMajor.Values)
        );
        for (var b = 0; b < 3; b++)
        {
            var input = values.narrow(0, b, 1).to_type(float64).transpose(1, 2).contiguous().requires_grad_(true);
            var weight = scale.to_type(float64).requires_grad_(true);
            var bias = zeros(channels, dtype: float64, requires_grad: true);
            var output = nn.functional.group_norm(input, groups, weight, bias, 1e-5);
            var expected = autograd.grad(
                [(output * deltas.narrow(0, b, 1).transpose(1, 2)).sum()],
                [weight, bias, input],
                allow_unused: true
            );
            Close(expected[0], actual.Scale[b]);
            Close(expected[1], actual.Shift[b]);
            Close(expected[2], actual.Values.narrow(0, b, 1).transpose(1, 2));
        }
    }

    [Fact]
    public void The_way_for_other_devices_gives_the_same_as_the_kernel()
    {
        using var scope = NewDisposeScope();
        var layer = nn.GroupNorm(3, 12);
        using (no_grad())
            layer.weight.normal_();
        var rule = new GroupNormRule(layer);
        var (input, delta) = (randn(2, 12, 5, 7), randn(2, 12, 5, 7));
        var (byKernel, _) = rule.Backward(input, delta, new(true, true));
        var byTensors = rule.Compute(input, [delta], new(true, true))[0];
        for (var parameter = 0; parameter < 2; parameter++)
        {
            var expected = Sum(byKernel[parameter]!);
            var actual = Sum(byTensors[parameter]!);
            for (var c = 0; c < 12; c++)
                Assert.Equal(expected[c], actual[c], 1e-4f);
        }

        static float[] Sum(ParameterGradients gradients)
        {
            var sum = new float[12];
            gradients.AddWeightedSum([0.5f, 2], sum);
            return sum;
        }
    }

    private static void Close(Tensor expected, Tensor actual) =>
        Assert.InRange(((actual - expected).norm() / expected.norm()).item<double>(), 0, 2e-6);
}
