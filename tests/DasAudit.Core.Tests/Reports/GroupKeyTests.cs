using DasAudit.Core.Datasets;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Reports;

public sealed class GroupKeyTests
{
    [Fact]
    public void Folders_are_those_within_the_dataset()
    {
        string[] paths = ["a.png", "hats/a.png", "hats/old/a.png", "hats/b.png"];
        Assert.Equal(
            [GroupKey.NotStated, "hats", "hats/old", "hats"],
            GroupKey.Parse("folder").Of([.. paths.Select((path, index) => Item(index, path, label: null))])
        );
    }

    [Fact]
    public void Classes_are_named_by_their_numbers() =>
        Assert.Equal(
            ["3", GroupKey.NotStated, "0"],
            GroupKey.Parse("class").Of([Item(0, "a", 3), Item(1, "b", null), Item(2, "c", 0)])
        );

    private static TrainingItem Item(int index, string path, int? label) =>
        new()
        {
            Index = index,
            Path = path,
            Sha256 = new('0', 64),
            PixelSha256 = new('0', 64),
            Width = 1,
            Height = 1,
            Metadata = new() { Label = label },
        };
}
