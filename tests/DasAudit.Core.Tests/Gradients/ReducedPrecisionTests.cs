using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

public class ReducedPrecisionTests
{
    // How far a sum of products of rounded values, itself rounded, may be off: 2⁻⁸ for each of them.
    private const double Rounding = 1e-2;

    [Theory]
    [InlineData(16, 16, 8, 4, 3, 1)]
    [InlineData(16, 48, 8, 1, 3, 1)]
    [InlineData(48, 16, 5, 2, 3, 2)]
    [InlineData(32, 80, 7, 3, 1, 1)]
    [InlineData(64, 32, 32, 1, 3, 1)]
    [InlineData(64, 64, 16, 8, 3, 2)]
    [InlineData(112, 208, 4, 2, 3, 1)]
    public void Convolutions_are_right_whatever_memory_holds(int inputs, int outputs, int side, int batch, int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        random.manual_seed(1);
        var convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2);
        ConvolutionLayout.UseChannelsLast(convolution);
        var weight = Rounded(convolution.weight!.detach());
        var bias = Rounded(convolution.bias!.detach());
        Assert.Single(ReducedPrecision.UseBFloat16(convolution));

        for (var repetition = 0; repetition < 20; repetition++)
        {
            Dirty(batch, side);
            var values = Rounded(randn(batch, inputs, side, side));
            if (repetition % 2 == 1) values = values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            var input = values.clone().requires_grad_(true);
            var output = convolution.call(input);
            Assert.Equal(ScalarType.Float32, output.dtype);
            var probe = Rounded(randn(output.shape));
            var actual = autograd.grad([(output * probe).sum()], [input, convolution.weight!], allow_unused: true);

            var exact = values.detach().requires_grad_(true);
            var exactWeight = weight.clone().requires_grad_(true);
            var columns = nn.functional.unfold(exact, kernel, padding: kernel / 2, stride: stride);
            var product = (exactWeight.reshape(outputs, -1).matmul(columns) + bias.unsqueeze(1)).view(output.shape);
            var expected = autograd.grad([(product * probe).sum()], [exact, exactWeight], allow_unused: true);
            Close(product, output);
            for (var i = 0; i < 2; i++) Close(expected[i], actual[i].to_type(ScalarType.Float32));
        }
    }

    private static void Dirty(int batch, int side)
    {
        for (var size = 1; size <= 6; size++)
        {
            full([batch, 16 * size, side, side], float.NaN).Dispose();
            full([batch, 16 * size, side, side], float.NaN, dtype: ScalarType.BFloat16).Dispose();
        }
    }

    private static Tensor Rounded(Tensor values) => values.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);

    private static void Close(Tensor expected, Tensor actual)
    {
        var difference = ((actual - expected).norm() / expected.norm()).item<float>();
        Assert.True(difference < Rounding, $"relative difference {difference}");
    }
}
