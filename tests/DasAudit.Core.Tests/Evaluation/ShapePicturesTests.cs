using DasAudit.Core.Datasets;
using DasAudit.Core.Evaluation;

namespace DasAudit.Core.Tests.Evaluation;

public sealed class ShapePicturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shapes_are_folders_and_colours_classes()
    {
        var set = Write("set", first: 0);

        Assert.Equal(32, set.Items.Count);
        Assert.Equal(32, set.Items.Select(item => item.PixelSha256).Distinct().Count());
        var kinds = set.Items.CountBy(item => (item.Path.Split('/')[0], item.Label)).ToList();
        Assert.Equal(ShapePictures.Kinds, kinds.Count);
        Assert.All(kinds, kind => Assert.Equal(2, kind.Value));
    }

    /// <summary>The strongest channels of a picture's middle are those of its colour.</summary>
    [Fact]
    public void The_middle_has_the_colour_of_the_class()
    {
        var set = Write("set", first: 0);

        foreach (var item in set.Items)
        {
            var middle = set.Read(item).Rgb.AsSpan((16 * 32 + 16) * 3, 3).ToArray();
            var dominant = Array.IndexOf(middle, middle.Max());
            Assert.Equal(
                item.Label switch
                {
                    0 => 2,
                    1 => 1,
                    _ => 0,
                },
                dominant
            );
            // Yellow is red with green.
            Assert.Equal(item.Label == 3, middle[0] > 120 && middle[1] > 120);
        }
    }

    [Fact]
    public void The_same_numbers_give_the_same_pictures_and_others_give_others()
    {
        var set = Write("set", first: 0);

        Assert.Equal(set.Root, Write("again", first: 0).Root);
        Assert.Empty(
            set.Items.Select(item => item.PixelSha256)
                .Intersect(Write("others", first: 2).Items.Select(item => item.PixelSha256))
        );
    }

    private TrainingSet Write(string name, int first)
    {
        ShapePictures.Write(first, 2 * ShapePictures.Kinds, _folder[name]);
        return TrainingSetLoader.Load(_folder[name], new(), null, TestContext.Current.CancellationToken);
    }
}
