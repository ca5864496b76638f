using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features.Store;

public sealed class FeatureStoreTests : IDisposable
{
    private static readonly FeatureKind Loss = FeatureKind.UnitLoss;
    private static readonly FeatureKind Apart = new("mean", Unit: false, Apart: true);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Float32_comes_back_as_it_was()
    {
        Samples.Fill(_folder.Path, 12);
        var store = FeatureStore.Open(_folder.Path, Samples.Settings);
        Assert.Equal((12, FeatureFormat.F32, Samples.Dimension), (store.Count, store.Format, store.Dimension));
        Assert.Equal(Samples.Shards(_folder.Path).Sum(path => new FileInfo(path).Length), store.Bytes);
        for (var i = 0; i < 12; i++)
            Samples.Equal(Samples.Features(i), store.Read(Samples.Key(i)));
    }

    [Fact]
    public void Float16_comes_back_within_its_error_and_the_rest_as_it_was()
    {
        Samples.Fill(_folder.Path, 7, FeatureFormat.F16);
        var store = FeatureStore.Open(_folder.Path, Samples.Settings);
        for (var i = 0; i < 7; i++)
        {
            var (expected, actual) = (Samples.Features(i), store.Read(Samples.Key(i)));
            foreach (var (kind, rows) in expected.Rows)
            {
                foreach (var (row, read) in rows.Zip(actual.Rows[kind]))
                {
                    Assert.NotEqual(row, read);
                    Assert.All(
                        row.Zip(read),
                        pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Math.Abs(pair.First) / 2048)
                    );
                }
            }

            Samples.Equal(expected with { Rows = actual.Rows }, actual);
        }
    }

    [Theory]
    [InlineData(FeatureFormat.F32)]
    [InlineData(FeatureFormat.F16)]
    public void What_a_folder_that_cannot_be_written_to_lacks_goes_to_another(FeatureFormat format)
    {
        Samples.Fill(_folder["kept"], 5, format);
        var kept = NarrowFolder.Of(_folder, _folder["kept"]);
        var before = Directory.GetFiles(kept);
        var store = Open();
        store.Prepare(null);
        store.Add(Samples.Pictures(5, 2));
        Assert.Equal(before, Directory.GetFiles(kept));
        Assert.Equal((7, true), (store.Count, store.Target.StartsWith(_folder["additions"], StringComparison.Ordinal)));
        Assert.Equal((7, format), (Open().Count, Open().Format));
        Samples.Equal(Samples.Fill(_folder["same"], 10, format).Read(Samples.Key(6)), Open().Read(Samples.Key(6)));

        FeatureStore Open() => FeatureStore.Open(kept, Samples.Settings, additions: _folder["additions"]);
    }

    [Fact]
    public void Features_go_to_the_folder_itself_while_it_can_be_written_to()
    {
        Samples.Fill(_folder["kept"], 5);
        var store = FeatureStore.Open(_folder["kept"], Samples.Settings, additions: _folder["additions"]);
        store.Prepare(null);
        store.Add(Samples.Pictures(5, 2));
        Assert.Equal(_folder["kept"], store.Target);
        Assert.False(Directory.Exists(_folder["additions"]));
    }

    [Theory]
    [InlineData(FeatureFormat.F32)]
    [InlineData(FeatureFormat.F16)]
    public void Rows_of_a_kind_come_as_a_matrix_in_the_order_asked_for(FeatureFormat format)
    {
        var store = Samples.Fill(_folder.Path, 12, format);
        int[] wanted = [11, 0, 7, 3, 7];
        using var scope = NewDisposeScope();
        var matrix = new KeptFeatures(store, [.. wanted.Select(Samples.Key)]).Matrix(Apart, 4);
        Assert.Equal([5, Samples.Dimension], matrix.shape);
        Assert.Equal(
            wanted.SelectMany(i => store.Read(Samples.Key(i)).Rows[Apart][4]),
            matrix.to_type(float32).data<float>()
        );
    }

    [Theory]
    [InlineData(FeatureFormat.F32)]
    [InlineData(FeatureFormat.F16)]
    public void A_shard_is_the_file_that_the_formats_own_writer_makes(FeatureFormat format)
    {
        Samples.Fill(_folder.Path, 3, format);
        var path = Assert.Single(Samples.Shards(_folder.Path));
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        var again = _folder.At("again.safetensors");
        SafetensorsWriter.Write(again, file.Names.Select(name => (name, file.Read(name))), file.Metadata);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));

        Assert.Equal([3, 32], file.Get("keys").Shape);
        Assert.Equal([3, 2, Samples.Dimension], file.Get($"features.{Loss}").Shape);
        Assert.Equal([3, 6, Samples.Dimension], file.Get($"features.{Apart}").Shape);
        Assert.Equal([3, 2, 3], file.Get("norms.mean").Shape);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => Samples.Picture(i).Name),
            JsonSerializer.Deserialize<string[]>(file.Metadata["items"])!
        );
        var values = file.Read($"features.{Apart}", ScalarType.Float32);
        if (format == FeatureFormat.F16)
            values *= file.Read($"scale.{Apart}").unsqueeze(-1);
        Assert.Equal(
            FeatureStore.Open(_folder.Path, Samples.Settings).Read(Samples.Key(1)).Rows[Apart][4],
            values[1][4].data<float>().ToArray()
        );
    }

    [Fact]
    public void The_same_pictures_have_the_same_file_wherever_they_are_added()
    {
        using var other = new TempFolder();
        Samples.Fill(_folder.Path, 12);
        Samples.Fill(other.Path, 12);
        Assert.Equal(
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(),
            Directory.GetFiles(other.Path).Select(Path.GetFileName).Order()
        );
        Assert.All(
            Directory.GetFiles(_folder.Path),
            path =>
                Assert.Equal(
                    File.ReadAllBytes(path),
                    File.ReadAllBytes(Path.Combine(other.Path, Path.GetFileName(path)))
                )
        );
    }

    [Fact]
    public void Folders_copied_together_are_one_store_and_a_picture_in_both_counts_once()
    {
        using var other = new TempFolder();
        Samples.Fill(_folder.Path, 7);
        var second = FeatureStore.Open(other.Path, Samples.Settings);
        second.Prepare(null);
        second.Add(Samples.Pictures(6, 4));
        foreach (var path in Samples.Shards(other.Path))
            File.Copy(path, Path.Combine(_folder.Path, Path.GetFileName(path)));
        var store = FeatureStore.Open(_folder.Path, Samples.Settings);
        Assert.Equal(10, store.Count);
        for (var i = 0; i < 10; i++)
            Samples.Equal(Samples.Features(i), store.Read(Samples.Key(i)));
    }

    [Fact]
    public void Opening_writes_nothing()
    {
        var folder = Path.Combine(_folder.Path, "store");
        var store = FeatureStore.Open(folder, Samples.Settings);
        Assert.Equal(0, store.Count);
        Assert.False(store.Contains(Samples.Key(0)));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        var foreign = _folder.Write("weights.safetensors", "not a shard");
        _folder.Write("notes.txt", "mine");
        _folder.Write("other.0123456789abcdef0123456789abcdef.tmp", "mine too");
        Samples.Fill(_folder.Path, 3);
        Assert.Equal(3, FeatureStore.Open(_folder.Path, Samples.Settings).Count);
        Assert.Equal("not a shard", File.ReadAllText(foreign));
        Assert.Equal(5, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void What_a_killed_process_left_goes_and_what_another_is_writing_stays()
    {
        var left = _folder.Write("0123456789abcdef.safetensors.0123456789abcdef0123456789abcdef.tmp", "half");
        var alsoLeft = _folder.Write("features.json.0123456789abcdef0123456789abcdef.tmp", "{");
        var writing = _folder.At("fedcba9876543210.safetensors.0123456789abcdef0123456789abcdef.tmp");
        AtomicFile.Write(
            _folder.At("fedcba9876543210.txt"),
            (Stream _) =>
            {
                // As AtomicFile holds its own.
                using var file = new FileStream(
                    writing,
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.Read | FileShare.Delete
                );
                Samples.Fill(_folder.Path, 2);
                Assert.Single(Directory.GetFiles(_folder.Path, "fedcba9876543210.txt.*.tmp"));
                Assert.True(File.Exists(writing));
            }
        );
        Assert.False(File.Exists(left));
        Assert.False(File.Exists(alsoLeft));
    }

    [Fact]
    public void The_settings_file_is_written_anew_from_the_settings_if_the_shards_fit()
    {
        Samples.Fill(_folder.Path, 3, FeatureFormat.F16);
        var path = Path.Combine(_folder.Path, "features.json");
        var before = File.ReadAllText(path);
        File.Delete(path);
        var store = FeatureStore.Open(_folder.Path, Samples.Settings);
        Assert.Equal((3, FeatureFormat.F16), (store.Count, store.Format));
        store.Prepare(new string('d', 64));
        store.Add(Samples.Pictures(20, 1));
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public void A_picture_that_is_not_there_is_named_by_its_key()
    {
        var store = Samples.Fill(_folder.Path, 3);
        Assert.Equal(
            $"'store' holds no features of the picture with the key {Samples.Key(9)}; compute them first.",
            Assert.Throws<AuditException>(() => store.Read([Samples.Key(1), Samples.Key(9)])).Message
        );
    }
}
