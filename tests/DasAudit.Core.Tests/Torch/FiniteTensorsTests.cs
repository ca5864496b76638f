using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Torch;

public sealed class FiniteTensorsTests
{
    [Theory]
    [InlineData(true, 1.0, -2.0)]
    [InlineData(true, double.MaxValue, double.MaxValue)]
    [InlineData(false, double.NaN, 1.0)]
    [InlineData(false, double.PositiveInfinity, 1.0)]
    [InlineData(false, double.PositiveInfinity, double.NegativeInfinity)]
    [InlineData(false, double.MaxValue, double.MaxValue, double.NaN)]
    public void What_is_not_finite_is_found(bool isFinite, params double[] values)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(isFinite, tensor(values).IsFinite());
    }

    [Fact]
    public void Values_may_be_of_any_kind()
    {
        using var scope = NewDisposeScope();
        var large = full(4, 6e4, dtype: float16);

        Assert.True(large.IsFinite());
        Assert.False((large * large).IsFinite());
        Assert.True(full(4, 3e38f).IsFinite());
        Assert.True(tensor(new long[] { 1, 2 }).IsFinite());
    }
}
