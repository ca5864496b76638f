using DasAudit.Core.Attribution.Kernel;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Attribution.Kernel;

public sealed class KernelCacheTests
{
    private static readonly KernelPictures Pictures = new([0, 1], 2, 1);

    private readonly object _source = new();
    private int _read;

    [Fact]
    public void Features_of_the_same_pictures_are_read_once()
    {
        using var cache = new KernelCache(featureRoom: 1000);

        for (var query = 0; query < 3; query++)
        {
            using var scope = NewDisposeScope();
            foreach (var row in (int[])[0, 1])
                Assert.Equal(row, Matrix(cache, Pictures, row)[0, 0].item<double>());
        }

        Assert.Equal(2, _read);
    }

    [Fact]
    public void Features_of_other_pictures_and_from_elsewhere_are_others()
    {
        using var scope = NewDisposeScope();
        using var cache = new KernelCache(featureRoom: 1000);

        Matrix(cache, Pictures, 0);
        cache.Matrix(Pictures, new(), "mean", 0, Read);
        cache.Matrix(Pictures, _source, "loss", 0, Read);
        Matrix(cache, new([0, 2], 2, 1), 0);
        Matrix(cache, Pictures, 0);

        Assert.Equal(5, _read);
    }

    [Fact]
    public void What_there_is_no_room_for_is_read_each_time()
    {
        using var scope = NewDisposeScope();
        using var cache = new KernelCache(featureRoom: 8);

        for (var query = 0; query < 3; query++)
            foreach (var row in (int[])[0, 1])
                Matrix(cache, Pictures, row);

        Assert.Equal(1 + 3, _read);
    }

    [Fact]
    public void A_single_query_keeps_no_features()
    {
        using var scope = NewDisposeScope();
        using var cache = new KernelCache(KernelCache.FeatureRoom(queries: 1));

        Matrix(cache, Pictures, 0);
        Matrix(cache, Pictures, 0);

        Assert.Equal(2, _read);
    }

    private Tensor Matrix(KernelCache cache, KernelPictures pictures, int row) =>
        cache.Matrix(pictures, _source, "mean", row, () => Read() + row);

    // [2, 3] zeros.
    private Tensor Read()
    {
        _read++;
        return zeros(2, 3, dtype: float64);
    }
}
