using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

public sealed class LinkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _dataset;

    public LinkTests()
    {
        _folder.Write("outside/x.png", TestPictures.Png(9));
        _folder.Write("data/a.png", TestPictures.Png(1));
        _folder.Write("data/sub/b.png", TestPictures.Png(2));
        _dataset = _folder.At("data");
    }

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(string? dataset = null) =>
        TrainingSetLoader.Load(dataset ?? _dataset, new(), null, TestContext.Current.CancellationToken);

    private string Refusal(string? dataset = null) => Assert.Throws<AuditException>(() => Load(dataset)).Message;

    [Fact]
    public void A_loop_of_links_ends_and_counts_nothing_twice()
    {
        Directory.CreateSymbolicLink(_folder.At("data/sub/up"), _dataset);
        Directory.CreateSymbolicLink(_folder.At("data/again"), "sub");
        Directory.CreateSymbolicLink(_folder.At("data/parent"), "..");
        File.CreateSymbolicLink(_folder.At("data/self.png"), "self.png");
        var set = Load();
        Assert.Equal(["a.png", "parent/outside/x.png", "sub/b.png"], set.Items.Select(i => i.Path));
        Assert.Equal(["self.png"], set.Skipped.Select(s => s.Path));
        Assert.Equal(
            [
                "1 of 4 pictures are reached by links that lead out of the dataset folder, first "
                    + "'parent/outside/x.png'.",
                "Links lead to folders that are read already: 'again', 'parent/data', 'sub/up'; their pictures count "
                    + "once.",
            ],
            set.Notes
        );
    }

    [Fact]
    public void Metadata_may_name_pictures_by_a_link_to_a_folder_that_is_read_already()
    {
        Directory.CreateSymbolicLink(_folder.At("data/again"), "sub");
        _folder.Write("data/metadata.csv", "file_name,author\nagain/b.png,Ann\na.png,Bob\n");
        Assert.Equal(["Bob", "Ann"], Load().Items.Select(i => i.Rights.Author));
    }

    [Fact]
    public void A_linked_picture_within_the_dataset_is_a_picture()
    {
        File.CreateSymbolicLink(_folder.At("data/twin.png"), "sub/b.png");
        var set = Load();
        Assert.Equal(["a.png", "sub/b.png", "twin.png"], set.Items.Select(i => i.Path));
        Assert.Equal(set.Items[1].Sha256, set.Items[2].Sha256);
        Assert.Empty(set.Notes);
    }

    [Fact]
    public void Links_that_lead_out_are_followed_and_counted()
    {
        File.CreateSymbolicLink(_folder.At("data/out.png"), "../outside/x.png");
        File.CreateSymbolicLink(_folder.At("data/out2.png"), "out.png");
        Directory.CreateSymbolicLink(_folder.At("data/outside"), "../outside");
        Directory.CreateSymbolicLink(_folder.At("data/broken"), "../no-folder");
        File.CreateSymbolicLink(_folder.At("data/nowhere.png"), "no.png");
        _folder.Write("data/metadata.csv", "file_name,author\nout.png,Ann\noutside/x.png,Bob\na.png,Cy\n");
        var set = Load();
        Assert.Equal(["a.png", "out.png", "out2.png", "outside/x.png", "sub/b.png"], set.Items.Select(i => i.Path));
        Assert.Equal(["Cy", "Ann", null, "Bob", null], set.Items.Select(i => i.Rights.Author));
        Assert.Equal(["nowhere.png"], set.Skipped.Select(s => s.Path));
        Assert.Equal(
            "3 of 6 pictures are reached by links that lead out of the dataset folder, first 'out.png'.",
            set.Notes[0]
        );
    }

    [Theory]
    [InlineData("../outside/x.png")]
    [InlineData("outside/../../outside/x.png")]
    [InlineData("/etc/hostname")]
    public void Metadata_that_lead_out_by_themselves_are_refused(string name)
    {
        Directory.CreateSymbolicLink(Path.Combine(_dataset, "outside"), "../outside");
        _folder.Write("data/metadata.csv", $"file_name\n{name}\n");
        Assert.Contains("lies outside the dataset folder", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Absolute_paths_into_the_dataset_are_accepted_by_its_real_name_too()
    {
        Directory.CreateSymbolicLink(_folder.At("link"), _dataset);
        foreach (var root in (string[])[_dataset, _folder.At("link")])
        {
            _folder.Write("data/metadata.csv", $"file_name,author\n{root}/sub/b.png,Ann\n");
            Assert.Equal("Ann", Load(_folder.At("link")).Items[1].Rights.Author);
        }
    }

    [Fact]
    public void A_snapshot_in_the_cache_of_the_hub_is_a_dataset_and_the_cache_is_none()
    {
        _folder.Write("hub/blobs/0a", TestPictures.Png(3));
        _folder.Write("hub/blobs/0b", "{\"file_name\": \"data/c.png\", \"author\": \"Ann\"}");
        File.CreateSymbolicLink(_folder.At("hub/snapshots/12ab/data/c.png"), "../../../blobs/0a");
        File.CreateSymbolicLink(_folder.At("hub/snapshots/12ab/metadata.jsonl"), "../../blobs/0b");
        var set = Load(_folder.At("hub/snapshots/12ab"));
        Assert.Equal(("data/c.png", "Ann"), set.Items.Select(i => (i.Path, i.Rights.Author!)).Single());
        Assert.StartsWith("1 of 1 pictures are reached by links", set.Notes.Single(), StringComparison.Ordinal);

        var hub = _folder.At("hub");
        Assert.Equal(
            $"'{hub}' is a cache of the Hugging Face hub; give one of its snapshots: '{hub}/snapshots/12ab'.",
            Refusal(hub)
        );
    }

    [Fact]
    public void A_dataset_that_is_itself_a_link_is_read()
    {
        Directory.CreateSymbolicLink(_folder.At("link"), _dataset);
        _folder.Write("data/metadata.csv", "file_name,author\na.png,Ann\n");
        Assert.Equal("Ann", Load(_folder.At("link")).Items[0].Rights.Author);
    }
}
