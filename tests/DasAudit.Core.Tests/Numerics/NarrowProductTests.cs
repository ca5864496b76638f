using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Numerics;

public class NarrowProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 2)]
    [InlineData(8, 16, 8)]
    [InlineData(21, 33, 16)]
    [InlineData(100, 64, 37)]
    public void It_is_the_product_of_the_matrices_whatever_the_width_of_registers(int rows, int channels, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (left, right) = (
            randn([rows, channels], generator: generator),
            randn([channels, columns], generator: generator)
        );

        var (wide, usual) = (NarrowProduct.Of(left, right, wide: true), NarrowProduct.Of(left, right, wide: false));

        var expected = left.to_type(float64).mm(right.to_type(float64));
        Assert.InRange((wide - expected).abs().max().item<double>(), 0, 2e-5);
        Assert.True(wide.Equals(usual));
    }
}
