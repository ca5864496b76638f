using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

public class StackedBlocksTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parts_follow_each_other_each_times_its_factor(bool half)
    {
        using var scope = NewDisposeScope();
        var (first, second) = (
            MemoryBlocks.Of(RandomMatrix.Normal(5, 8, 1), half, 2, 3),
            MemoryBlocks.Of(RandomMatrix.Normal(7, 8, 2), half, 4)
        );
        var stacked = new StackedBlocks(
            (first, 1),
            (MemoryBlocks.Of(RandomMatrix.Normal(1, 8, 2), half, 1), 0.25),
            (second, 1.5)
        );
        var middle = MemoryBlocks.Of(RandomMatrix.Normal(1, 8, 2), half, 1).Stored;
        var expected = first.Stored.Stack(0.25 * middle).Stack(1.5 * second.Stored);
        Assert.Equal((13, 8, half, 5), (stacked.Count, stacked.Dimension, stacked.Half, stacked.Blocks));
        Assert.Equal([0, 2, 5, 6, 10, 13], Enumerable.Range(0, 6).Select(stacked.FirstRow));
        var query = RandomMatrix.Normal(3, 8, 3);
        var products = BlockProducts.Of(query.ToRowMajorArray(), stacked, 2, TestContext.Current.CancellationToken);
        RandomMatrix.Close(
            query * expected.Transpose(),
            MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(3, 13, products),
            1e-5
        );
        using var kernel = RidgeKernel.Factorise(stacked, 1, TestContext.Current.CancellationToken);
        using var rows = kernel.Project(query.Tensor());
        RandomMatrix.Close(
            query * expected.Inverse(0.5) * expected.Transpose(),
            kernel.WithMembers(rows, 0.5).Matrix(),
            1e-5
        );
    }

    [Fact]
    public void Features_of_different_length_or_format_are_a_sentence()
    {
        var eight = MemoryBlocks.Of(RandomMatrix.Normal(2, 8, 1), false, 2);
        Assert.Contains(
            "differ",
            Assert
                .Throws<AuditException>(() =>
                    new StackedBlocks((eight, 1), (MemoryBlocks.Of(RandomMatrix.Normal(2, 9, 1), false, 2), 1))
                )
                .Message
        );
        Assert.Contains(
            "differ",
            Assert
                .Throws<AuditException>(() =>
                    new StackedBlocks((eight, 1), (MemoryBlocks.Of(RandomMatrix.Normal(2, 8, 1), true, 2), 1))
                )
                .Message
        );
    }

    [Fact]
    public void A_kernel_that_no_machine_could_hold_is_refused_before_anything_is_read()
    {
        var message = Assert
            .Throws<AuditException>(() => RidgeKernel.Factorise(new Huge(), 1, CancellationToken.None))
            .Message;
        Assert.StartsWith("A kernel of 2000000000 pictures needs about 12", message);
    }

    private sealed class Huge : IFeatureBlocks
    {
        public int Count => 2_000_000_000;

        public int Dimension => 2_000_000;

        public bool Half => false;

        public int Blocks => 1;

        public int FirstRow(int block) => block * Count;

        public void Read(int block, Span<byte> values, Span<float> scales) =>
            throw new InvalidOperationException("It was read.");
    }
}
