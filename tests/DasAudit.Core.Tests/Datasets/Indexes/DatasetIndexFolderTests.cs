using DasAudit.Core.Datasets.Indexes;

namespace DasAudit.Core.Tests.Datasets.Indexes;

/// <summary>Where indexes lie, and what becomes of bad ones.</summary>
public sealed class DatasetIndexFolderTests : IDisposable
{
    private readonly IndexWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("a flipped bit")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("another dataset's")]
    public void A_bad_file_is_not_used_but_replaced_and_that_is_said(string damage)
    {
        var good = _world.Load();
        Damage(_world.IndexFile, damage);
        var set = _world.Load();
        Assert.Equal((0, 3), (set.Hashes!.FromIndex, set.Hashes.FromFiles));
        Assert.Contains("is damaged and was not used", Assert.Single(set.Notes), StringComparison.Ordinal);
        Assert.Equal(good.Items, set.Items);
        Assert.Equal((3, 0), _world.Counts());
    }

    [Fact]
    public void An_index_made_by_another_way_to_pixels_is_not_used()
    {
        _world.Load();
        var other = _world.Key with { Pixels = "0" };
        _world.Indexes.Save(new(other, _world.Read().Entries));
        var set = _world.Load();
        Assert.Equal(3, set.Hashes!.FromFiles);
        Assert.Empty(set.Notes);
    }

    [Fact]
    public void Ways_of_reading_have_indexes_of_their_own()
    {
        _world.Folder.Write("data/large.png", TestPictures.Png(1, 200, 200));
        Assert.Equal((0, 4), _world.Counts());
        Assert.Equal((0, 4), _world.Counts(_world.Options with { PixelLimit = 10_000 }));
        Assert.Equal((4, 0), _world.Counts());
        var set = _world.Load(_world.Options with { PixelLimit = 10_000 });
        Assert.Contains("200×200", Assert.Single(set.Skipped).Reason, StringComparison.Ordinal);
        Assert.Equal(4, set.Hashes!.FromIndex);
    }

    [Fact]
    public void A_dataset_has_one_index_by_whatever_path_it_is_reached()
    {
        Directory.CreateSymbolicLink(_world.Folder["link"], _world.Dataset);
        _world.Load();
        Assert.Equal((3, 0), _world.Counts(dataset: _world.Folder["link"] + "/"));
        Assert.Single(Directory.GetFiles(_world.IndexPath));
    }

    [Fact]
    public void A_moved_dataset_is_read_again()
    {
        _world.Load();
        Directory.Move(_world.Dataset, _world.Folder["moved"]);
        Assert.Equal((0, 3), _world.Counts(dataset: _world.Folder["moved"]));
        Assert.Equal((3, 0), _world.Counts(dataset: _world.Folder["moved"]));
    }

    [Fact]
    public void Another_dataset_in_the_same_place_is_read()
    {
        var first = _world.Load();
        Directory.Move(_world.Dataset, _world.Folder["away"]);
        foreach (var (i, name) in new[] { "a.png", "b.png", "sub/c.png" }.Index())
            _world.Folder.Write($"data/{name}", TestPictures.Png(i + 11));
        var second = _world.Load();
        Assert.Equal(3, second.Hashes!.FromFiles);
        Assert.NotEqual(first.Root, second.Root);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_keeps_nothing_and_hinders_nobody()
    {
        _world.Folder.Write("indexes", "a file in its way");
        var set = _world.Load();
        Assert.Equal(3, set.Items.Count);
        Assert.Empty(set.Notes);
        Assert.NotNull(set.Hashes!.Problem);
    }

    [Fact]
    public async Task Of_two_that_write_at_once_one_leaves_a_whole_file()
    {
        _world.Load();
        var cancellation = TestContext.Current.CancellationToken;
        var entries = _world.Read().Entries;
        var writers = Enumerable.Range(0, 2).Select(i => Task.Run(() => WriteOften(entries.Take(2 + i)), cancellation));
        var reader = Task.Run(ReadOften, cancellation);
        await Task.WhenAll([.. writers, reader]);
        Assert.Single(Directory.GetFiles(_world.IndexPath));
    }

    private void ReadOften()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.Contains(_world.Indexes.Load(_world.Key, out var damaged)!.Entries.Count, new[] { 2, 3 });
            Assert.False(damaged);
        }
    }

    private void WriteOften(IEnumerable<IndexEntry> entries)
    {
        for (var i = 0; i < 20; i++)
            Assert.Null(_world.Indexes.Save(new(_world.Key, entries)));
    }

    private void Damage(string file, string damage)
    {
        var bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case "a flipped bit":
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case "cut":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "text":
                File.WriteAllText(file, "{\"schema\":\"diary\"}\nDear diary, today I saw a picture of a cat.\n");
                break;
            default:
                var other = new DatasetIndexKey(_world.Folder["elsewhere"], _world.Key.Options);
                Assert.Null(_world.Indexes.Save(new(other, _world.Read().Entries)));
                File.Move(_world.Indexes.PathOf(other), file, overwrite: true);
                break;
        }
    }
}
