using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Features;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Core.Tests.Attribution.Kernel;

public class BlockProductsTests
{
    public static MatrixTheoryData<int, int, bool> Cases =>
        new([1, 15, 16, 17, 512, 530, 1100], [1, 2, 4, 5, 33, 70], [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Products_are_those_of_the_plain_matrices(int k, int m, bool half)
    {
        var blocks = MemoryBlocks.Of(RandomMatrix.Normal(45, k, 3), half, 1, 7, 8, 9, 20);
        var rows = RandomMatrix.Normal(m, k, 5);

        var actual = Products(rows, blocks);

        var expected = rows * blocks.Stored.Transpose();
        var (lengths, storedLengths) = (rows.RowNorms(2), blocks.Stored.RowNorms(2));
        for (var q = 0; q < m; q++)
        {
            for (var i = 0; i < 45; i++)
                Assert.Equal(expected[q, i], actual[q, i], 3e-7 * lengths[q] * storedLengths[i]);
        }
    }

    [Theory]
    [InlineData(false, 528)]
    [InlineData(true, 528)]
    [InlineData(true, 525)]
    public void A_product_has_the_same_bits_in_any_company(bool half, int k)
    {
        var features = RandomMatrix.Normal(45, k, 3);
        var rows = RandomMatrix.Normal(37, k, 5);
        var all = Products(rows, MemoryBlocks.Of(features, half, 45));

        Assert.Equal(all, Products(rows, MemoryBlocks.Of(features, half, 1, 7, 8, 9, 20)));
        Assert.Equal(all, Products(rows, MemoryBlocks.Of(features, half, 3), workers: 3));
        foreach (var q in new[] { 0, 20, 36 })
        {
            Assert.Equal(
                all.SubMatrix(q, 1, 0, 45),
                Products(rows.SubMatrix(q, 1, 0, k), MemoryBlocks.Of(features, half, 11))
            );
            Assert.Equal(
                all.SubMatrix(q, 1, 0, 45),
                Products(rows.SubMatrix(q, 1, 0, k), MemoryBlocks.Of(features, half, 5))
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Every_finite_half_is_read_as_what_it_is(int queries)
    {
        Half[] every =
        [
            .. Enumerable
                .Range(0, 65536)
                .Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits))
                .Where(Half.IsFinite),
        ];
        Half[][] rows = [.. every.Chunk(16)];
        var blocks = new MemoryBlocks(rows, [.. rows.Select(row => new float[16])], [.. rows.Select(_ => 1f)], 1000);
        var identity = Matrix<double>.Build.DenseIdentity(16);

        var products = Enumerable
            .Range(0, 16 / queries)
            .Select(part => Products(identity.SubMatrix(part * queries, queries, 0, 16), blocks))
            .Aggregate((a, b) => a.Stack(b));

        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < 16; j++)
                Assert.Equal((double)rows[i][j], products[j, i]);
        }
    }

    [Fact]
    public void Large_and_small_queries_keep_their_digits()
    {
        var blocks = MemoryBlocks.Of(RandomMatrix.Normal(9, 32, 3), half: true, 4);
        var rows = RandomMatrix.Normal(1, 32, 5);
        foreach (var factor in new[] { 1e30, 1e-30, 1e200 })
            RandomMatrix.Close(Products(rows, blocks) * factor, Products(rows * factor, blocks), 1e-6);
        Assert.All(Products(rows * 0, blocks).Enumerate(), product => Assert.Equal(0, product));
    }

    [Fact]
    public void A_block_that_cannot_be_read_is_reported_in_its_own_words()
    {
        var error = Assert.Throws<AuditException>(() =>
            BlockProducts.Of(new double[4], new Unreadable(), 2, CancellationToken.None)
        );
        Assert.Equal("The disk is gone.", error.Message);
    }

    [Fact]
    public void It_stops_when_it_is_cancelled() =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BlockProducts.Of(
                new double[8],
                MemoryBlocks.Of(RandomMatrix.Normal(9, 8, 3), half: true, 4),
                1,
                new(canceled: true)
            )
        );

    private static Matrix<double> Products(Matrix<double> rows, MemoryBlocks blocks, int workers = 1) =>
        Matrix<double>.Build.DenseOfRowMajor(
            rows.RowCount,
            blocks.Count,
            BlockProducts.Of(rows.ToRowMajorArray(), blocks, workers, TestContext.Current.CancellationToken)
        );

    private sealed class Unreadable : IFeatureBlocks
    {
        public int Count => 8;

        public int Dimension => 4;

        public bool Half => false;

        public int Blocks => 4;

        public int FirstRow(int block) => 2 * block;

        public void Read(int block, Span<byte> values, Span<float> scales) =>
            throw new AuditException("The disk is gone.");
    }
}
