using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Candidates;

public sealed class EmbeddingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingSet Dots(int count) =>
        Sets.Of([.. Enumerable.Range(0, count).Select(i => Sets.Dot(i, 200 - i / 2, 7 * i % 256))]);

    private EmbeddingIndex Build(TrainingSet set, FakeEncoder encoder) =>
        EmbeddingIndex.Build(
            set,
            encoder,
            new EmbeddingCache(_folder.Path),
            null,
            TestContext.Current.CancellationToken
        );

    [Fact]
    public void What_a_GPU_embedded_is_kept_apart()
    {
        var set = Dots(5);
        Build(set, new());
        var onGpu = new FakeEncoder { Device = "cuda:0" };

        Build(set, onGpu);
        Build(set, new() { Before = () => Assert.Fail("The processor's own are there.") });

        Assert.Equal([5], onGpu.Batches);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Similarities_are_the_cosines()
    {
        var set = Dots(200);
        var similarities = EmbeddingIndex
            .Build(set, new FakeEncoder(), null, null, TestContext.Current.CancellationToken)
            .Similarities(Sets.Dot(10, 250, 90), TestContext.Current.CancellationToken);
        double[] q = [10 - 128, 250 - 128, 90 - 128];
        foreach (var item in set.Items)
        {
            var e = set.Read(item).Rgb.Select(v => v - 128.0).ToArray();
            var cosine = q.Zip(e, (a, b) => a * b).Sum() / Math.Sqrt(q.Sum(a => a * a) * e.Sum(b => b * b));
            Assert.Equal(cosine, similarities[item.Index], 1e-6);
        }
    }

    [Fact]
    public void A_zero_embedding_is_like_nothing()
    {
        var index = EmbeddingIndex.Build(
            Sets.Of(Sets.Dot(128, 128, 128)),
            new FakeEncoder(),
            null,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([0f], index.Similarities(Sets.Dot(1, 2, 3), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Pictures_of_equal_pixels_are_embedded_once_and_in_batches()
    {
        var encoder = new FakeEncoder();
        Build(Sets.Of([.. Enumerable.Range(0, 100).Select(i => Sets.Dot(i % 70, 1, 1))]), encoder);
        Assert.Equal([32, 32, 6], encoder.Batches);
    }

    [Fact]
    public void A_second_run_takes_embeddings_from_the_cache_and_embeds_only_what_is_new()
    {
        Build(Dots(50), new FakeEncoder());
        var second = new FakeEncoder();
        var cached = Build(Dots(50), second);
        Assert.Empty(second.Batches);
        var third = new FakeEncoder();
        Build(Dots(53), third);
        Assert.Equal([3], third.Batches);
        var fresh = EmbeddingIndex.Build(
            Dots(50),
            new FakeEncoder(),
            null,
            null,
            TestContext.Current.CancellationToken
        );
        var query = Sets.Dot(3, 4, 5);
        Assert.Equal(
            fresh.Similarities(query, TestContext.Current.CancellationToken),
            cached.Similarities(query, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public void Another_encoder_has_another_cache()
    {
        Build(Dots(5), new FakeEncoder('a'));
        var other = new FakeEncoder('b');
        Build(Dots(5), other);
        Assert.Equal([5], other.Batches);
        Assert.Equal(
            [new string('a', 64) + ".embeddings", new string('b', 64) + ".embeddings"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public void A_damaged_cache_is_never_trusted_and_is_rebuilt()
    {
        Build(Dots(5), new FakeEncoder());
        var path = Directory.GetFiles(_folder.Path).Single();
        var whole = File.ReadAllBytes(path);
        for (var i = 0; i < whole.Length; i++)
        {
            var hurt = whole.ToArray();
            hurt[i] ^= 1;
            File.WriteAllBytes(path, hurt);
            Assert.Empty(new EmbeddingCache(_folder.Path).Load(new FakeEncoder()));
        }

        foreach (
            var bytes in (byte[][])
                [
                    [],
                    [.. "DASEMB01"u8, .. new byte[300]],
                    whole[..10],
                    whole[..^1],
                    [.. whole, 0],
                    whole[..^(32 + 44)],
                ]
        )
        {
            File.WriteAllBytes(path, bytes);
            Assert.Empty(new EmbeddingCache(_folder.Path).Load(new FakeEncoder()));
        }

        var again = new FakeEncoder();
        Build(Dots(5), again);
        Assert.Equal([5], again.Batches);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_file_of_another_encoder_under_this_ones_name_is_not_taken()
    {
        Build(Dots(5), new FakeEncoder('a'));
        File.Copy(Directory.GetFiles(_folder.Path).Single(), _folder.At(new string('b', 64) + ".embeddings"));
        Assert.Empty(new EmbeddingCache(_folder.Path).Load(new FakeEncoder('b')));
    }

    [Fact]
    public void What_was_embedded_before_a_cancellation_is_kept()
    {
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var encoder = new FakeEncoder
        {
            Before = () =>
            {
                if (++calls == 2)
                    stop.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() =>
            EmbeddingIndex.Build(Dots(200), encoder, new EmbeddingCache(_folder.Path), null, stop.Token)
        );
        Assert.Equal(64, new EmbeddingCache(_folder.Path).Load(encoder).Count);
    }

    [Fact]
    public void Writers_at_the_same_time_leave_a_whole_file()
    {
        var cache = new EmbeddingCache(_folder.Path);
        Parallel.For(
            0,
            40,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                cache.Save(new FakeEncoder(), new Dictionary<string, float[]> { [$"{i:x64}"] = [i, 0, 1] });
                Assert.NotEmpty(cache.Load(new FakeEncoder()));
            }
        );
        Assert.All(cache.Load(new FakeEncoder()), r => Assert.Equal($"{(int)r.Value[0]:x64}", r.Key));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_no_error()
    {
        var file = _folder.Write("file", "in the way");
        EmbeddingIndex.Build(
            Dots(5),
            new FakeEncoder(),
            new EmbeddingCache(file),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal("in the way", File.ReadAllText(file));
    }
}
