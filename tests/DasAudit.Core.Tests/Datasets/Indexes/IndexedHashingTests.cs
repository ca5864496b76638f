using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Indexes;
using DasAudit.Core.Files;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Tests.Datasets.Indexes;

/// <summary>Which files are read again.</summary>
public sealed class IndexedHashingTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Paths = ["a.png", "b.png", "sub/c.png"];

    private readonly IndexWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Unchanged_files_are_not_read_again_and_come_out_the_same()
    {
        _world.Folder.Write("data/broken.png", "this is text");
        var first = _world.Load();
        var second = _world.Load();
        Assert.Equal((0, 4, 4), (first.Hashes!.FromIndex, first.Hashes.FromFiles, first.Hashes.Kept));
        Assert.Equal((4, 0, 4), (second.Hashes!.FromIndex, second.Hashes.FromFiles, second.Hashes.Kept));
        Assert.Equal(first.Items, second.Items);
        Assert.Equal(first.Skipped, second.Skipped);
        Assert.Equal(first.Root, second.Root);
        Assert.Equal(_world.Load(new()).Items, second.Items);
    }

    [Fact]
    public void A_load_from_the_index_says_so_and_a_first_load_says_nothing()
    {
        Assert.Empty(_world.Load().Notes);
        var note = Assert.Single(_world.Load(_world.Options with { ShownAs = "mine" }).Notes);
        Assert.StartsWith("Of 3 files of 'mine', 3 were not read again: an index of ", note, StringComparison.Ordinal);
        Assert.EndsWith("{rehash} reads all files.", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_folder_for_indexes_nothing_is_kept_or_told()
    {
        var set = _world.Load(new());
        Assert.Null(set.Hashes);
        Assert.Empty(set.Notes);
        Assert.False(Directory.Exists(_world.IndexPath));
    }

    [Fact]
    public void A_file_of_another_size_is_read_again()
    {
        _world.Load();
        File.AppendAllText(_world.Folder["data/a.png"], "x");
        Assert.Equal((2, 1), _world.Counts());
    }

    [Fact]
    public void A_file_of_another_time_is_read_again()
    {
        _world.Load();
        File.SetLastWriteTimeUtc(_world.Folder["data/a.png"], LongAgo);
        Assert.Equal((2, 1), _world.Counts());
        Assert.Equal((3, 0), _world.Counts());
    }

    [Fact]
    public void Bytes_replaced_under_the_same_size_and_time_are_noticed()
    {
        var path = _world.Folder["data/a.png"];
        File.SetLastWriteTimeUtc(path, LongAgo);
        var first = _world.Load();
        var before = FileStamp.Of(path)!.Value;
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, LongAgo);
        var after = FileStamp.Of(path)!.Value;
        Assert.Equal(before, after with { Changed = before.Changed });
        var second = _world.Load();
        Assert.Equal((2, 1), (second.Hashes!.FromIndex, second.Hashes.FromFiles));
        Assert.NotEqual(first.Root, second.Root);
    }

    [Fact]
    public void A_file_moved_into_the_place_of_another_is_noticed()
    {
        var path = _world.Folder["data/a.png"];
        var other = _world.Folder.Write("other.png", TestPictures.Png(4));
        File.SetLastWriteTimeUtc(path, LongAgo);
        File.SetLastWriteTimeUtc(other, LongAgo);
        _world.Load();
        File.Move(other, path, overwrite: true);
        var set = _world.Load();
        Assert.Equal(TestPictures.Pattern(4).Rgb, set.Read(set.Items[0]).Rgb);
        Assert.Equal((2, 1), (set.Hashes!.FromIndex, set.Hashes.FromFiles));
    }

    [Fact]
    public void A_picture_that_is_not_what_the_index_says_is_not_used()
    {
        _world.Load();
        var entries = _world.Read().Entries.ToDictionary(entry => entry.Path);
        entries["a.png"] = entries["a.png"] with { Outcome = entries["b.png"].Outcome };
        _world.Indexes.Save(new(_world.Key, entries.Values));
        var set = _world.Load();
        Assert.Equal(3, set.Hashes!.FromIndex);
        var refusal = Assert.Throws<AuditException>(() => set.Read(set.Items[0]));
        Assert.Contains("'a.png' has changed", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("modified")]
    [InlineData("changed")]
    [InlineData("inode")]
    [InlineData("device")]
    public void Each_part_of_the_stamp_counts(string part)
    {
        _world.Load();
        var entries = _world
            .Read()
            .Entries.Select(entry => entry.Path == "b.png" ? entry with { Stamp = Other(entry.Stamp, part) } : entry);
        Assert.Null(_world.Indexes.Save(new(_world.Key, [.. entries])));
        Assert.Equal((2, 1), _world.Counts());
        Assert.Equal((3, 0), _world.Counts());
    }

    [Fact]
    public void Pictures_that_come_and_go_are_noticed()
    {
        _world.Load();
        File.Delete(_world.Folder["data/a.png"]);
        _world.Folder.Write("data/d.png", TestPictures.Png(4));
        var set = _world.Load();
        Assert.Equal(["b.png", "d.png", "sub/c.png"], set.Items.Select(item => item.Path));
        Assert.Equal([0, 1, 2], set.Items.Select(item => item.Index));
        Assert.Equal((2, 1, 3), (set.Hashes!.FromIndex, set.Hashes.FromFiles, set.Hashes.Kept));
        Assert.Equal(["b.png", "d.png", "sub/c.png"], _world.Read().Entries.Select(entry => entry.Path).Order());
    }

    [Fact]
    public void Rights_are_never_from_the_index()
    {
        _world.Folder.Write("data/metadata.csv", "file_name,rights_holder\na.png,Ann\n");
        Assert.Equal("Ann", _world.Load().Items[0].Rights.RightsHolder);
        _world.Folder.Write("data/metadata.csv", "file_name,rights_holder\na.png,Bob\n");
        var set = _world.Load();
        Assert.Equal("Bob", set.Items[0].Rights.RightsHolder);
        Assert.Equal(3, set.Hashes!.FromIndex);
    }

    [Fact]
    public void All_files_are_read_where_that_is_asked_for()
    {
        _world.Load();
        var set = _world.Load(_world.Options with { Rehash = true });
        Assert.Equal((0, 3, 3), (set.Hashes!.FromIndex, set.Hashes.FromFiles, set.Hashes.Kept));
        Assert.Empty(set.Notes);
    }

    [Fact]
    public void A_part_of_the_dataset_leaves_what_is_known_of_the_rest()
    {
        _world.Folder.Write("data/metadata.csv", "file_name,split\na.png,train\nb.png,test\nsub/c.png,test\n");
        Assert.Equal((0, 1), _world.Counts(_world.Options with { Split = "train" }));
        Assert.Equal((0, 2), _world.Counts(_world.Options with { ExceptSplit = "train" }));
        Assert.Equal((1, 0), _world.Counts(_world.Options with { Split = "train" }));
        Assert.Equal((0, 1), _world.Counts(_world.Options with { Split = "train", Rehash = true }));
        Assert.Equal((3, 0), _world.Counts(_world.Options with { Split = "all" }));
    }

    [Fact]
    public void Files_that_changed_just_now_are_not_kept()
    {
        var indexes = new DatasetIndexFolder(_world.IndexPath, TimeProvider.System);
        var set = _world.Load(new() { Indexes = indexes });
        Assert.Equal((3, 0), (set.Hashes!.FromFiles, set.Hashes.Kept));
        Assert.Equal((0, 3), _world.Counts());
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_not_kept()
    {
        var hashing = new IndexedHashing(_world.Dataset, Paths, _world.Options);
        var files = hashing.Run("data", ["a.png", "b.png"], ReadAndChange, null, TestContext.Current.CancellationToken);
        Assert.Equal((2, 1), (files.Origin!.FromFiles, files.Origin.Kept));

        PictureFacts ReadAndChange(string path)
        {
            if (path == "a.png")
                File.AppendAllText(_world.Folder["data/a.png"], "x");
            return new(default, default, 1, 1, 0, false);
        }
    }

    [Fact]
    public void What_may_pass_is_tried_again()
    {
        File.CreateSymbolicLink(_world.Folder["data/nowhere.png"], "no.png");
        _world.Load();
        Assert.Equal((3, 1), _world.Counts());
        var hashing = new IndexedHashing(_world.Dataset, Paths, _world.Options with { Rehash = true });
        var files = hashing.Run("data", ["a.png"], Fail, null, TestContext.Current.CancellationToken);
        // The other two stay known.
        Assert.Equal(2, files.Origin!.Kept);

        static PictureFacts Fail(string path) =>
            throw new AuditException($"'{path}' cannot be read.", new IOException());
    }

    [Fact]
    public void What_was_read_before_a_cancellation_is_kept()
    {
        using var cancellation = new CancellationTokenSource();
        var hashing = new IndexedHashing(_world.Dataset, Paths, _world.Options);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            hashing.Run("data", Paths, ReadAndCancel, null, cancellation.Token)
        );
        Assert.NotEmpty(_world.Read().Entries);

        PictureFacts ReadAndCancel(string path)
        {
            cancellation.Cancel();
            return new(default, default, 1, 1, 0, false);
        }
    }

    private static FileStamp Other(FileStamp stamp, string part) =>
        part switch
        {
            "size" => stamp with { Size = stamp.Size + 1 },
            "modified" => stamp with { Modified = stamp.Modified + 1 },
            "changed" => stamp with { Changed = stamp.Changed + 1 },
            "inode" => stamp with { Inode = stamp.Inode + 1 },
            _ => stamp with { Device = stamp.Device + 1 },
        };
}
