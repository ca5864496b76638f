using System.Buffers.Binary;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Features.Store;

public sealed class BadStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeatureFormat.F32)]
    [InlineData(FeatureFormat.F16)]
    public void A_flipped_bit_anywhere_in_a_shard_is_one_sentence_and_damages_nothing(FeatureFormat format)
    {
        Samples.Fill(_folder.Path, 2, format);
        var path = Assert.Single(Samples.Shards(_folder.Path));
        var good = File.ReadAllBytes(path);
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(good) + 8;
        // Every byte of the header with one of its bits, every byte of the data (numbers, features, scales, keys) with
        // another.
        for (var at = 0; at < good.Length; at++)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, bad);
            var error = Assert.Throws<AuditException>(() =>
                FeatureStore
                    .Open(_folder.Path, Samples.Settings, null, "store")
                    .Verify([Samples.Key(1)], null, TestContext.Current.CancellationToken)
            );
            Assert.True(
                Sentence(path) == error.Message,
                $"byte {at} of the {(at < header ? "header" : "data")}: {error.Message}"
            );
            Assert.True(bad.AsSpan().SequenceEqual(File.ReadAllBytes(path)));
        }
    }

    [Fact]
    public void Damage_is_found_when_a_picture_of_the_shard_is_read_and_others_can_still_be()
    {
        Samples.Fill(_folder.Path, 10);
        var path = Samples.Shards(_folder.Path)[0];
        var bytes = File.ReadAllBytes(path);
        bytes[^400] ^= 1;
        File.WriteAllBytes(path, bytes);
        var store = FeatureStore.Open(_folder.Path, Samples.Settings, null, "store");
        var damaged = FeatureShard.Open(path, path, Samples.Settings).Keys[0];
        Assert.Equal(Sentence(path), Assert.Throws<AuditException>(() => store.Read(damaged)).Message);
        Assert.Equal(
            Sentence(path),
            Assert
                .Throws<AuditException>(() =>
                    new KeptFeatures(store, [damaged]).Matrix(Core.Features.FeatureKind.UnitLoss, 0)
                )
                .Message
        );
        var whole = FeatureShard.Open(Samples.Shards(_folder.Path)[1], path, Samples.Settings).Keys[0];
        var index = Enumerable.Range(0, 10).Single(i => Samples.Key(i) == whole);
        Samples.Equal(Samples.Features(index), store.Read(whole));
    }

    [Fact]
    public void A_shard_from_before_tangent_targets_were_kept_is_named()
    {
        var store = FeatureStore.Open(_folder.Path, Samples.Settings, null, "store");
        store.Prepare(null);
        // Written as it was before; adding reads what was written.
        var picture = Samples.Picture(1);
        var error = Assert
            .Throws<AuditException>(() =>
                store.Add([
                    picture with
                    {
                        Features = picture.Features with { TangentTargets = new Dictionary<string, double[][]>() },
                    },
                ])
            )
            .Message;
        var path = Path.Combine("store", Path.GetFileName(Assert.Single(Samples.Shards(_folder.Path))));
        Assert.Equal(
            $"'{path}' lacks the tangent targets of picture-probe:0, which earlier versions did not keep; "
                + "delete that file, and the next run computes its pictures anew.",
            error
        );
        Assert.Equal(
            error,
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(-1)]
    public void A_shard_that_was_cut_off_is_named(int length)
    {
        Samples.Fill(_folder.Path, 5);
        var path = Assert.Single(Samples.Shards(_folder.Path));
        using (var file = new FileStream(path, FileMode.Open))
            file.SetLength(length < 0 ? file.Length + length : length);
        Assert.Equal(
            Sentence(path),
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData(
        """{"__metadata__":{"schema":"das-audit/features/1"},"keys":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"""
    )]
    public void A_file_that_only_has_the_name_of_a_shard_is_named(string json)
    {
        Samples.Fill(_folder.Path, 5);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        var path = _folder.Write(
            "0123456789abcdef.safetensors",
            [
                .. prefix,
                .. Encoding.UTF8.GetBytes(json),
                .. json.Contains("U8", StringComparison.Ordinal) ? new byte[1] : new byte[4],
            ]
        );
        Assert.Equal(
            Sentence(path),
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Fact]
    public void A_shard_under_another_name_is_named()
    {
        Samples.Fill(_folder.Path, 5);
        var path = Path.Combine(_folder.Path, "0123456789abcdef.safetensors");
        File.Move(Assert.Single(Samples.Shards(_folder.Path)), path);
        Assert.Equal(
            Sentence(path),
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Fact]
    public void A_shard_of_another_store_is_told_from_a_damaged_one()
    {
        using var other = new TempFolder();
        Samples.Fill(_folder.Path, 5);
        var stranger = FeatureStore.Open(other.Path, Samples.Settings with { Seed = 8 });
        stranger.Prepare(null);
        stranger.Add(Samples.Pictures(20, 2));
        var path = Path.Combine(_folder.Path, Path.GetFileName(Assert.Single(Samples.Shards(other.Path))));
        File.Copy(Assert.Single(Samples.Shards(other.Path)), path);
        Assert.Equal(
            $"'{Path.Combine("store", Path.GetFileName(path))}' holds features made under other settings "
                + "than the folder it lies in; move it to a folder of its own.",
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Fact]
    public void A_shard_of_another_number_format_is_named()
    {
        using var other = new TempFolder();
        Samples.Fill(_folder.Path, 5);
        var half = FeatureStore.Open(other.Path, Samples.Settings, FeatureFormat.F16);
        half.Prepare(null);
        half.Add(Samples.Pictures(20, 2));
        var name = Path.GetFileName(Assert.Single(Samples.Shards(other.Path)));
        File.Copy(Path.Combine(other.Path, name), Path.Combine(_folder.Path, name));
        Assert.Equal(
            $"'{Path.Combine("store", name)}' keeps its features in another number format "
                + "than the folder it lies in; move it to a folder of its own.",
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1")]
    public void A_settings_file_of_something_else_is_named(string text)
    {
        _folder.Write("features.json", text);
        Assert.Equal(
            $"'{Path.Combine("store", "features.json")}' is damaged or was written by another program; "
                + "delete that file, and the next run under the settings it had writes it anew.",
            Assert
                .Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings, null, "store"))
                .Message
        );
    }

    [Fact]
    public void A_changed_setting_in_the_settings_file_is_damage()
    {
        Samples.Fill(_folder.Path, 5);
        var path = Path.Combine(_folder.Path, "features.json");
        foreach (
            var (old, changed) in new[]
            {
                ("\"seed\": 7", "\"seed\": 6"),
                ("\"sjlt:12\"", "\"sjlt:13\""),
                ("\"f32\"", "\"f33\""),
                ("\"replicates\"", "\"replicatet\""),
            }
        )
        {
            var good = File.ReadAllText(path);
            Assert.Contains(old, good);
            File.WriteAllText(path, good.Replace(old, changed, StringComparison.Ordinal));
            Assert.Contains(
                "is damaged or was",
                Assert.Throws<AuditException>(() => FeatureStore.Open(_folder.Path, Samples.Settings)).Message
            );
            File.WriteAllText(path, good);
        }
    }

    [Fact]
    public void A_store_that_is_a_file_is_refused()
    {
        var path = _folder.Write("file", "text");
        Assert.Equal(
            "'file' is a file, where a folder for features is wanted; give another path.",
            Assert.Throws<AuditException>(() => FeatureStore.Open(path, Samples.Settings, null, "file")).Message
        );
    }

    [Theory]
    [InlineData("file/store")]
    [InlineData("/proc/store")]
    public void A_folder_that_cannot_be_written_to_is_refused_before_anything_is_computed(string folder)
    {
        _folder.Write("file", "text");
        var store = FeatureStore.Open(Path.GetFullPath(folder, _folder.Path), Samples.Settings, null, "store");
        var error = Assert.Throws<AuditException>(() => store.Prepare(null));
        Assert.StartsWith("The folder for features 'store' cannot be written to (", error.Message);
        Assert.EndsWith("); give another folder, or make room and allow writing there.", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(3000)]
    public void A_full_disk_is_one_sentence_and_what_was_kept_stays(int room)
    {
        var full = false;
        var store = FeatureStore.Open(
            _folder.Path,
            Samples.Settings,
            null,
            "store",
            (path, write) => AtomicFile.Write(path, (Stream file) => write(full ? new FullDisk(file, room) : file))
        );
        store.Prepare(null);
        store.Add(Samples.Pictures(0, 5));
        var before = Directory.GetFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes);
        full = true;
        Assert.Equal(
            "Features cannot be written to 'store' (No space left on device), and those of 5 pictures "
                + "are kept there; make room and run the same command again.",
            Assert.Throws<AuditException>(() => store.Add(Samples.Pictures(5, 5))).Message
        );
        Assert.Equal(before, Directory.GetFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes));
        full = false;
        store.Add(Samples.Pictures(5, 5));
        Samples.Equal(Samples.Features(7), FeatureStore.Open(_folder.Path, Samples.Settings).Read(Samples.Key(7)));
    }

    private static string Sentence(string path) =>
        $"'{Path.Combine("store", Path.GetFileName(path))}' is damaged or no shard of features; "
        + "delete that file, and the next run computes its pictures anew.";

    private sealed class FullDisk(Stream inner, int room) : MemoryStream
    {
        private int _left = room;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > _left)
                throw new IOException("No space left on device : '/some/where.tmp'");
            _left -= buffer.Length;
            inner.Write(buffer);
        }
    }
}
