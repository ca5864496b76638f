using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

public sealed class DatasetSummaryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_counts_what_pictures_are_and_state_most_frequent_first()
    {
        _folder.Write("a.PNG", TestPictures.Png(1));
        _folder.Write("b.png", TestPictures.Png(2, 9, 4));
        _folder.Write("sub/c.png", TestPictures.Png(3));
        _folder.Write("sub/d", TestPictures.Png(4));
        _folder.Write("broken.png", "text");
        _folder.Write(
            "metadata.csv",
            """
            file_name,rights_holder,license,split,label
            a.PNG,Bob,MIT,train,3
            b.png,Ann,,train,3
            sub/c.png,Ann,,test,
            """
        );
        var set = TrainingSetLoader.Load(
            _folder.Path,
            new() { Split = "all" },
            null,
            TestContext.Current.CancellationToken
        );
        var summary = DatasetSummary.Of(set);
        Assert.Equal(("folder of pictures", 4, 1), (summary.Kind, summary.Pictures, summary.Skipped));
        Assert.Equal(set.Root, summary.Root);
        Assert.Equal([new("6×5", 3), new("9×4", 1)], summary.Sizes);
        Assert.Equal([new(".png", 3), new(null, 1)], summary.Endings);
        Assert.Equal([new("train", 2), new(null, 1), new("test", 1)], summary.Splits);
        Assert.Equal([new("Ann", 2), new(null, 1), new("Bob", 1)], summary.RightsHolders);
        Assert.Equal([new(null, 3), new("MIT", 1)], summary.Licenses);
        Assert.Equal([new(null, 2), new("3", 2)], summary.Labels);
    }
}
