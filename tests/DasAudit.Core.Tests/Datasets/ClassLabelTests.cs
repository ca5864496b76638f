using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

/// <summary>Classes by name and by folder.</summary>
public sealed class ClassLabelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(string? split = null) =>
        TrainingSetLoader.Load(_folder.Path, new() { Split = split }, null, TestContext.Current.CancellationToken);

    private void Write(params string[] paths)
    {
        foreach (var (i, path) in paths.Index())
            _folder.Write(path, TestPictures.Png(i));
    }

    [Fact]
    public void Names_in_the_column_are_numbered_in_ordinal_order_over_all_splits()
    {
        Write("a.png", "b.png", "c.png", "d.png");
        _folder.Write(
            "metadata.csv",
            "file_name,label,split\na.png,dog,train\nb.png,Zebra,test\nc.png,cat,train\nd.png,dog,train\n"
        );
        var set = Load();
        Assert.Equal([2, 1, 2], set.Items.Select(i => i.Label));
        Assert.Equal(
            "The metadata give classes by name; in ordinal order their labels are Zebra = 0, cat = 1, dog = 2.",
            set.Notes[0]
        );
    }

    [Fact]
    public void Minus_one_is_no_label()
    {
        Write("a.png", "b.png");
        _folder.Write("metadata.csv", "file_name,label\na.png,-1\nb.png,7.0\n");
        var set = Load();
        Assert.Equal([null, 7], set.Items.Select(i => i.Label));
        Assert.Contains("-1", set.Notes.Single(), StringComparison.Ordinal);
    }

    // As torchvision.datasets.ImageFolder and Hugging Face's imagefolder number them.
    [Theory]
    [InlineData("cat/1.png", "Dog/2.png", "ant/3.png", "Dog = 0, ant = 1, cat = 2")]
    [InlineData("train/cat/1.png", "train/dog/2.png", "train/ant/3.png", "ant = 0, cat = 1, dog = 2")]
    [InlineData("set/pictures/b/1.png", "set/pictures/a/2.png", "set/pictures/c/3.png", "a = 0, b = 1, c = 2")]
    [InlineData("b/train/1.png", "c/train/2.png", "a/train/3.png", "a = 0, b = 1, c = 2")]
    [InlineData("b/1.png", "c/2.png", "test/3.png", "b = 0, c = 1, test = 2")]
    public void Folders_of_one_level_are_classes(string first, string second, string third, string mapping)
    {
        Write(first, second, third);
        var set = Load("all");
        var names = mapping.Split(", ").Select(pair => pair.Split(" = ")[0]).ToList();
        Assert.All(set.Items, item => Assert.Contains(names[item.Label!.Value], item.Path, StringComparison.Ordinal));
        Assert.Equal(3, set.Items.Select(item => item.Label).Distinct().Count());
        Assert.EndsWith($"the labels are {mapping}.", set.Notes.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/1.png", "a/2.png", "a/3.png")]
    [InlineData("1.png", "a/2.png", "b/3.png")]
    [InlineData("a/x/1.png", "b/y/2.png", "b/z/3.png")]
    [InlineData("train/1.png", "train/2.png", "test/3.png")]
    public void Other_folders_are_none(params string[] paths)
    {
        Write(paths);
        var set = Load("all");
        Assert.All(set.Items, item => Assert.Null(item.Label));
        Assert.Empty(set.Notes);
    }

    [Fact]
    public void With_metadata_folders_are_no_classes()
    {
        Write("a/1.png", "b/2.png");
        _folder.Write("metadata.csv", "file_name,label\na/1.png,4\nb/2.png,\n");
        Assert.Equal([4, null], Load().Items.Select(i => i.Label));
        _folder.Write("metadata.csv", "file_name\na/1.png\nb/2.png\n");
        Assert.All(Load().Items, item => Assert.Null(item.Label));
    }

    [Fact]
    public void Only_the_training_set_numbers_its_classes()
    {
        Write("a/1.png", "b/2.png");
        var options = new TrainingSetOptions().ForOther("decoys");
        var set = TrainingSetLoader.Load(_folder.Path, options, null, TestContext.Current.CancellationToken);
        Assert.All(set.Items, item => Assert.Null(item.Label));
        Assert.Empty(set.Notes);

        _folder.Write("metadata.csv", "file_name,label\na/1.png,cat\n");
        Assert.Equal(
            "metadata.csv, line 2, has the label 'cat'; outside the training set give a class by the index that it "
                + "has there.",
            Assert
                .Throws<AuditException>(() =>
                    TrainingSetLoader.Load(_folder.Path, options, null, TestContext.Current.CancellationToken)
                )
                .Message
        );
    }

    [Fact]
    public void Many_classes_are_not_all_named()
    {
        Write([.. Enumerable.Range(0, 12).Select(i => $"c{i:D2}/p.png")]);
        Assert.EndsWith("c07 = 7, c08 = 8, …, c11 = 11.", Load().Notes.Single(), StringComparison.Ordinal);
    }
}
