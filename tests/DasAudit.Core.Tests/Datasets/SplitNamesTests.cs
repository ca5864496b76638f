using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

public sealed class SplitNamesTests
{
    [Theory]
    [InlineData("train/a.png", "train")]
    [InlineData("data/train/cat/a.png", "train")]
    [InlineData("data/train-00000-of-00005.parquet", "train")]
    [InlineData("data/validation-00000-of-00001-0123456789abcdef.parquet", "validation")]
    [InlineData("default/partial-train/0000.parquet", "train")]
    [InlineData("my_training_set/a.png", "train")]
    [InlineData("split.dev/a.png", "validation")]
    [InlineData("val2017/a.png", "validation")]
    [InlineData("Testing/glioma/a.jpg", "test")]
    [InlineData("cat/eval 2/a.png", "test")]
    [InlineData("evaluation.tar", "test")]
    [InlineData("pictures/valid_17.png", "validation")]
    public void A_keyword_that_is_a_whole_word_states_a_split(string path, string split) =>
        Assert.Equal(split, SplitNames.OfPath(path));

    [Theory]
    [InlineData("a.png")]
    [InlineData("trainer/a.png")]
    [InlineData("latest/a.png")]
    [InlineData("trainval/a.png")]
    [InlineData("tests/a.png")]
    [InlineData("00000.tar")]
    [InlineData("développement/a.png")]
    public void A_keyword_within_a_word_states_none(string path) => Assert.Null(SplitNames.OfPath(path));

    [Theory]
    [InlineData("train/test/a.png", "train")]
    [InlineData("test/train_5.png", "test")]
    [InlineData("cat/train_5.png", "train")]
    [InlineData("train-val/a.png", "train")]
    public void The_outermost_folder_decides_before_the_file_and_the_first_word_of_a_name(string path, string split) =>
        Assert.Equal(split, SplitNames.OfPath(path));
}
