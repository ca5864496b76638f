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

    private TrainingSet Load() => TrainingSetLoader.Load(_dataset, new(), null, TestContext.Current.CancellationToken);

    [Fact]
    public void A_loop_of_links_ends_and_counts_nothing_twice()
    {
        Directory.CreateSymbolicLink(_folder.At("data/sub/up"), _dataset);
        Directory.CreateSymbolicLink(_folder.At("data/again"), "sub");
        File.CreateSymbolicLink(_folder.At("data/self.png"), "self.png");
        var set = Load();
        Assert.Equal(["a.png", "sub/b.png"], set.Items.Select(i => i.Path));
        Assert.Equal(["self.png"], set.Skipped.Select(s => s.Path));
    }

    [Fact]
    public void A_linked_picture_within_the_dataset_is_a_picture()
    {
        File.CreateSymbolicLink(_folder.At("data/twin.png"), "sub/b.png");
        var set = Load();
        Assert.Equal(["a.png", "sub/b.png", "twin.png"], set.Items.Select(i => i.Path));
        Assert.Equal(set.Items[1].Sha256, set.Items[2].Sha256);
    }

    [Fact]
    public void Links_that_lead_out_are_named_and_skipped()
    {
        File.CreateSymbolicLink(_folder.At("data/out.png"), "../outside/x.png");
        Directory.CreateSymbolicLink(_folder.At("data/outside"), "../outside");
        File.CreateSymbolicLink(_folder.At("data/nowhere.png"), "no.png");
        var set = Load();
        Assert.Equal(["a.png", "sub/b.png"], set.Items.Select(i => i.Path));
        Assert.Equal(["nowhere.png", "out.png", "outside"], set.Skipped.Select(s => s.Path));
    }

    [Theory]
    [InlineData("out.png")]
    [InlineData("outside/x.png")]
    public void Metadata_that_follows_a_link_out_is_refused(string name)
    {
        File.CreateSymbolicLink(_folder.At("data/out.png"), "../outside/x.png");
        Directory.CreateSymbolicLink(Path.Combine(_dataset, "outside"), "../outside");
        _folder.Write("data/metadata.csv", $"file_name\n{name}\n");
        Assert.Contains(
            "lies outside the dataset folder",
            Assert.Throws<AuditException>(Load).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_dataset_that_is_itself_a_link_is_read()
    {
        Directory.CreateSymbolicLink(_folder.At("link"), _dataset);
        _folder.Write("data/metadata.csv", "file_name,author\na.png,Ann\n");
        var set = TrainingSetLoader.Load(_folder.At("link"), new(), null, TestContext.Current.CancellationToken);
        Assert.Equal("Ann", set.Items[0].Rights.Author);
    }
}
