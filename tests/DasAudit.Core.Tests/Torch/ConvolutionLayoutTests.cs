using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Torch;

public class ConvolutionLayoutTests
{
    [Theory]
    [InlineData(8, 3, 8, 8)]
    [InlineData(24, 3, 32, 4)]
    [InlineData(32, 3, 32, 1)]
    [InlineData(3, 8, 8, 8)]
    [InlineData(12, 20, 16, 2)]
    public void Gradients_of_odd_channel_counts_equal_those_of_matrix_products(
        int inputs,
        int outputs,
        int side,
        int batch
    )
    {
        using var scope = NewDisposeScope();
        var convolution = nn.Conv2d(inputs, outputs, 3, padding: 1);
        var before = convolution.weight!.detach().clone();
        ConvolutionLayout.UseChannelsLast(convolution);
        Assert.True(before.equal(convolution.weight!).all().item<bool>());

        for (var repetition = 0; repetition < 20; repetition++)
        {
            // Memory that holds garbage is what a wrong kernel trips over.
            for (var size = 1; size <= 6; size++)
                full([batch, 4 * size, side, side], float.NaN).Dispose();
            var input = randn(batch, inputs, side, side).requires_grad_(true);
            var probe = randn(batch, outputs, side, side);
            var actual = autograd.grad(
                [(convolution.call(input) * probe).sum()],
                [input, convolution.weight!],
                allow_unused: true
            );

            var columns = nn.functional.unfold(input, 3, padding: 1);
            var product = convolution.weight!.reshape(outputs, -1).matmul(columns).view(batch, outputs, side, side);
            var expected = autograd.grad([(product * probe).sum()], [input, convolution.weight!], allow_unused: true);
            for (var i = 0; i < 2; i++)
            {
                var difference = ((actual[i] - expected[i]).norm() / expected[i].norm()).item<float>();
                Assert.True(difference < 1e-5, $"relative difference {difference}");
            }
        }
    }
}
