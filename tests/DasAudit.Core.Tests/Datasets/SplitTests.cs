using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

/// <summary>Splits by folders, names and metadata, and what is read when none is asked for.</summary>
public sealed class SplitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load(TrainingSetOptions? options = null) =>
        TrainingSetLoader.Load(
            _folder.Path,
            (options ?? new()) with
            {
                ShownAs = "set",
            },
            null,
            TestContext.Current.CancellationToken
        );

    private string[] Paths(string? split = null) => [.. Load(new() { Split = split }).Items.Select(i => i.Path)];

    private void Write(params string[] paths)
    {
        foreach (var (i, path) in paths.Index())
            _folder.Write(path, TestPictures.Png(i));
    }

    [Fact]
    public void Folders_state_splits_and_the_training_split_is_read()
    {
        Write("data/train/a.png", "data/train/b.png", "data/test/c.png", "data/val/d.png");

        var set = Load();

        Assert.Equal(["data/train/a.png", "data/train/b.png"], set.Items.Select(i => i.Path));
        Assert.All(set.Items, item => Assert.Equal("train", item.Split));
        Assert.Equal(
            [
                "'set' has splits ('test': 1 picture, 'train': 2 pictures, 'validation': 1 picture); those of 'test' "
                    + "and 'validation' were left out, because models are not trained on them; {split} all counts "
                    + "all as training pictures.",
            ],
            set.Notes
        );
        Assert.Equal(4, Paths("all").Length);
        Assert.Empty(Load(new() { Split = "all" }).Notes);
        Assert.Equal(["data/val/d.png"], Paths("validation"));
        Assert.Equal(["data/test/c.png"], Paths("test"));
    }

    [Fact]
    public void Metadata_above_and_in_each_folder_go_with_the_splits_of_folders()
    {
        Write("train/a.png", "test/a.png");
        _folder.Write("metadata.jsonl", """{"file_name": "train/a.png", "author": "Ann"}""");
        _folder.Write("test/metadata.csv", "file_name,author\na.png,Bob\n");
        Assert.Equal("Ann", Assert.Single(Load().Items).Rights.Author);
        Assert.Equal("Bob", Assert.Single(Load(new() { Split = "test" }).Items).Rights.Author);
    }

    [Fact]
    public void The_column_wins_over_the_folder()
    {
        Write("train/a.png", "train/b.png", "test/c.png");
        _folder.Write("metadata.csv", "file_name,split\ntrain/b.png,test\ntest/c.png,train\n");
        Assert.Equal(["test/c.png", "train/a.png"], Paths());
        Assert.Equal(["train/b.png"], Paths("test"));
    }

    [Fact]
    public void File_names_state_splits_only_where_all_of_them_do()
    {
        Write("train-1.png", "train-2.png", "test-1.png");
        Assert.Equal(["train-1.png", "train-2.png"], Paths());

        _folder.Write("test.png", TestPictures.Png(7));
        _folder.Write("cat.png", TestPictures.Png(8));
        Assert.Equal(5, Paths().Length);
        Assert.Empty(Load().Notes);
    }

    [Fact]
    public void A_class_that_is_called_like_the_training_split_leaves_nothing_out()
    {
        Write("bus/a.png", "train/a.png", "plane/a.png");
        var set = Load();
        Assert.Equal([0, 1, 2], set.Items.Select(i => i.Label));
        Assert.Equal(["train/a.png"], Paths("train"));
    }

    [Fact]
    public void Pictures_of_no_split_are_training_pictures()
    {
        Write("pictures/a.png", "pictures/b.png", "test/c.png");
        var set = Load();
        Assert.Equal(["pictures/a.png", "pictures/b.png"], set.Items.Select(i => i.Path));
        Assert.Contains("(no split: 2 pictures, 'test': 1 picture)", set.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_are_held_out_all_are_read_and_it_is_said()
    {
        Write("test/a.png", "test/b.png");
        var set = Load();
        Assert.Equal(2, set.Items.Count);
        Assert.Equal(
            "'set' holds only pictures of splits on which models are not trained ('test': 2 pictures); all count as "
                + "training pictures.",
            set.Notes.Single()
        );
    }

    [Theory]
    [InlineData("training", "train_sft")]
    [InlineData("train", "train_sft")]
    [InlineData("test", "Evaluation")]
    public void A_split_is_known_by_other_words_where_none_has_the_very_name(string asked, string stated)
    {
        Write("a.png", "b.png");
        _folder.Write("metadata.csv", $"file_name,split\na.png,{stated}\nb.png,extra\n");
        var set = Load(new() { Split = asked });
        Assert.Equal(["a.png"], set.Items.Select(i => i.Path));
        Assert.Equal($"No picture states the split '{asked}'; '{stated}' was taken for it.", set.Notes.Single());
    }

    [Fact]
    public void A_split_of_the_very_name_is_no_other()
    {
        Write("a.png", "b.png");
        _folder.Write("metadata.csv", "file_name,split\na.png,test\nb.png,eval\n");
        Assert.Equal(["a.png"], Paths("test"));
        Assert.Equal(["b.png"], Paths("eval"));
        Assert.Equal(
            "No picture of 'set' belongs to the split 'dev'; name one of its splits: eval, test.",
            Assert.Throws<AuditException>(() => Paths("dev")).Message
        );
    }

    [Fact]
    public void Without_one_split_the_others_that_are_held_out_are_no_training_pictures_either()
    {
        Write("train/a.png", "val/b.png", "test/c.png");
        Assert.Equal(["train/a.png"], Load(new() { ExceptSplit = "test" }).Items.Select(i => i.Path));
        Assert.Equal(
            ["train/a.png", "val/b.png"],
            Load(new() { ExceptSplit = "test", Split = "all" }).Items.Select(i => i.Path)
        );
        Assert.Equal(["test/c.png", "val/b.png"], Load(new() { ExceptSplit = "train" }).Items.Select(i => i.Path));
    }

    [Fact]
    public void Pictures_that_the_metadata_do_not_list_count_unless_asked_otherwise()
    {
        Write("train/a.png", "train/b.png", "test/c.png", "train/d.png");
        _folder.Write("metadata.csv", "file_name,license\ntrain/a.png,MIT\ntest/c.png,MIT\n");

        var set = Load();
        Assert.Equal(["train/a.png", "train/b.png", "train/d.png"], set.Items.Select(i => i.Path));
        Assert.Equal(
            "2 of 3 pictures are not listed in the metadata, first 'train/b.png'; they count as training pictures "
                + "whose rights are not stated; {listed-only} leaves them out.",
            set.Notes[1]
        );

        set = Load(new() { ListedOnly = true });
        Assert.Equal(["train/a.png"], set.Items.Select(i => i.Path));
        Assert.Contains("'test': 1 picture, 'train': 1 picture", set.Notes[0], StringComparison.Ordinal);
        Assert.Equal("2 pictures that the metadata do not list were left out, as asked.", set.Notes[1]);
    }

    [Fact]
    public void Without_metadata_nothing_is_listed()
    {
        Write("a.png");
        Assert.Equal(
            "No picture of 'set' is listed in metadata; add metadata.jsonl, or leave out {listed-only}.",
            Assert.Throws<AuditException>(() => Load(new() { ListedOnly = true })).Message
        );
        Assert.Empty(Load().Notes);
    }
}
