using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Features.Store;

public sealed class FeatureBuilderTests : IDisposable
{
    // Values of one picture: 2 kinds, 2 noise draws, 16 numbers each.
    private const long PictureBytes = 2 * 2 * 16 * sizeof(float);

    private static readonly GradientOptions Options = new()
    {
        Timesteps = 2,
        Replicates = 2,
        Projection = ProjectionOptions.Parse("sjlt:16"),
    };

    private readonly TempFolder _folder = new();
    private int _reads;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_kept_is_what_the_engine_computes()
    {
        var pictures = Pictures(0, 6);
        Assert.Equal(new FeatureBuild(6, 6), Build("store", pictures, workers: 3));
        var computed = new FeatureEngine(() => new TinyUnet(), Options, 1).Compute(
            [.. pictures.Select(picture => picture.Picture)],
            null,
            TestContext.Current.CancellationToken
        );
        var store = Open("store");
        foreach (var (picture, features) in pictures.Zip(computed))
            Samples.Equal(features, store.Read(picture.Key));
    }

    [Fact]
    public void Only_new_pictures_of_a_grown_dataset_are_computed()
    {
        Build("store", Pictures(0, 5));
        var before = Contents("store");
        _reads = 0;
        Assert.Equal(new FeatureBuild(8, 3), Build("store", [.. Pictures(0, 2), .. Pictures(5, 3), .. Pictures(2, 3)]));
        Assert.Equal(3, _reads);
        Assert.All(before, file => Assert.Equal(file.Value, Contents("store")[file.Key]));
        Assert.Equal(8, Open("store").Count);
        Assert.Equal(new FeatureBuild(8, 0), Build("store", Pictures(0, 8)));
        Assert.Equal(3, _reads);
    }

    [Fact]
    public void A_picture_that_occurs_again_is_computed_once()
    {
        Assert.Equal(new FeatureBuild(3, 3), Build("store", [.. Pictures(0, 3), .. Pictures(1, 2)]));
        Assert.Equal(3, _reads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Shards_are_full_and_in_the_order_of_the_pictures_whatever_the_workers(int workers)
    {
        Build("store", Pictures(0, 11), workers, shardPictures: 4);
        Assert.Equal([3, 4, 4], ShardSizes("store").Order());
        Assert.Equal(
            Pictures(0, 11)
                .Chunk(4)
                .Select(chunk => string.Join(' ', chunk.Select(p => p.Key)))
                .Order(StringComparer.Ordinal),
            Samples
                .Shards(_folder.At("store"))
                .Select(path => string.Join(' ', KeysOf(path)))
                .Order(StringComparer.Ordinal)
        );
    }

    // Whatever is kept when a process dies is a beginning of the shards.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_that_died_goes_on_to_the_same_bytes(int shards)
    {
        Build("whole", Pictures(0, 11), shardPictures: 4);
        Build("died", Pictures(0, Math.Min(11, shards * 4)), workers: 1, shardPictures: 4);
        _reads = 0;
        Build("died", Pictures(0, 11), workers: 3, shardPictures: 4);
        Assert.Equal(11 - Math.Min(11, shards * 4), _reads);
        Assert.Equal(Contents("whole"), Contents("died"));
    }

    [Fact]
    public void A_shard_that_was_deleted_is_computed_anew_to_the_same_bytes()
    {
        Build("store", Pictures(0, 11), shardPictures: 4);
        var before = Contents("store");
        File.Delete(Samples.Shards(_folder.At("store"))[1]);
        Build("store", Pictures(0, 11), shardPictures: 4);
        Assert.Equal(before, Contents("store"));
    }

    [Fact]
    public void Parts_made_apart_are_together_the_files_of_one_run()
    {
        // 150 pictures with two duplicates, one of them in another block.
        KeyedPicture[] pictures = [.. Pictures(0, 100), .. Pictures(3, 1), .. Pictures(99, 1), .. Pictures(100, 50)];
        Build("whole", pictures, shardPictures: 16);
        for (var i = 1; i <= 3; i++)
            Build($"part{i}", new FeaturePart(i, 3).Of(pictures), shardPictures: 16);
        Directory.CreateDirectory(_folder.At("merged"));
        foreach (var path in Enumerable.Range(1, 3).SelectMany(i => Directory.GetFiles(_folder.At($"part{i}"))))
            File.Copy(path, _folder.At($"merged/{Path.GetFileName(path)}"), overwrite: true);
        Assert.Equal(Contents("whole"), Contents("merged"));
        Assert.Equal(150, Open("merged").Count);
        Assert.Equal(150, ShardSizes("merged").Sum());
    }

    [Fact]
    public void A_useless_gradient_stops_the_run_and_the_shards_before_are_kept()
    {
        var pictures = Pictures(0, 11);
        pictures[9] = pictures[9] with { Picture = new("bad.png", () => [.. Enumerable.Repeat(float.NaN, 3 * 8 * 8)]) };
        var error = Assert.Throws<AuditException>(() => Build("store", pictures, workers: 2, shardPictures: 4));
        Assert.Matches("^The gradient of 'bad.png' at timestep 250 is not finite in layer _", error.Message);
        Assert.Equal([4, 4], ShardSizes("store"));
        Build("store", Pictures(0, 11), shardPictures: 4);
        Build("whole", Pictures(0, 11), shardPictures: 4);
        Assert.Equal(Contents("whole"), Contents("store"));
    }

    [Fact]
    public void A_run_that_keeps_nothing_leaves_nothing()
    {
        var pictures = Pictures(0, 3);
        pictures[1] = pictures[1] with
        {
            Picture = new("gone.png", () => throw new AuditException("'gone.png' is gone.")),
        };
        Assert.Equal("'gone.png' is gone.", Assert.Throws<AuditException>(() => Build("store", pictures)).Message);
        Assert.False(Path.Exists(Path.Combine(_folder.Path, "store")));
    }

    [Fact]
    public void Cancelling_keeps_whole_shards_only()
    {
        using var source = new CancellationTokenSource();
        var pictures = Pictures(0, 11);
        var read = pictures[6].Picture.Read;
        pictures[6] = pictures[6] with
        {
            Picture = pictures[6].Picture with
            {
                Read = () =>
                {
                    source.Cancel();
                    return read();
                },
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Build("store", pictures, workers: 1, shardPictures: 4, source)
        );
        Assert.Equal([4], ShardSizes("store"));
    }

    [Fact]
    public void Nothing_to_do_touches_nothing()
    {
        Assert.Equal(new FeatureBuild(0, 0), Build("store", []));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "store")));
    }

    [Fact]
    public void Large_features_make_small_shards()
    {
        Build("store", Pictures(0, 5), shardBytes: PictureBytes * 3 + 1);
        Assert.Equal([1, 2, 2], ShardSizes("store").Order());
        Build("single", Pictures(0, 2), shardBytes: 1);
        Assert.Equal([1, 1], ShardSizes("single"));
    }

    private FeatureBuild Build(
        string folder,
        IReadOnlyList<KeyedPicture> pictures,
        int workers = 2,
        int shardPictures = 64,
        CancellationTokenSource? stop = null,
        long? shardBytes = null
    ) =>
        new FeatureBuilder(new(() => new TinyUnet(), Options, workers), Open(folder))
        {
            ShardBytes = shardBytes ?? PictureBytes * shardPictures,
        }.Build(pictures, null, null, stop?.Token ?? TestContext.Current.CancellationToken);

    private FeatureStore Open(string folder)
    {
        using var model = new TinyUnet();
        return FeatureStore.Open(
            Path.Combine(_folder.Path, folder),
            FeatureSettings.Of(model, new string('a', 64), "tiny", "1", Options)
        );
    }

    private KeyedPicture[] Pictures(int first, int count) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(i => new KeyedPicture(
                    Samples.Key(i),
                    new(
                        $"p{i}",
                        () =>
                        {
                            Interlocked.Increment(ref _reads);
                            var values = new float[3 * 8 * 8];
                            new NoiseSource(100 + i).Normal(new(NoisePurpose.SamplingStart, 0, 0), values);
                            return [.. values.Select(v => Math.Clamp(v / 2, -1, 1))];
                        }
                    )
                )),
        ];

    private Dictionary<string, string> Contents(string folder) =>
        Directory
            .GetFiles(Path.Combine(_folder.Path, folder))
            .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));

    private IEnumerable<int> ShardSizes(string folder) =>
        Samples.Shards(Path.Combine(_folder.Path, folder)).Select(path => KeysOf(path).Length);

    private static FeatureKey[] KeysOf(string path)
    {
        using var file = DasAudit.Safetensors.SafetensorsFile.Open(path);
        using var keys = file.Read("keys");
        return [.. keys.data<byte>().ToArray().Chunk(FeatureKey.Length).Select(key => FeatureKey.Read(key))];
    }
}
