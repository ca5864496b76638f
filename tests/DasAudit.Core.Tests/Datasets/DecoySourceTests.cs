using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Planning;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Audits;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Datasets;

/// <summary>Decoys from a folder and from a split of the dataset, in audits by pixels.</summary>
public sealed class DecoySourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public DecoySourceTests()
    {
        // Four to train on, of which one states no split, three held out, two for another purpose.
        _folder.WritePictures("set", 0, 9);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
        Describe("train", "train", "train", null, "test", "test", "test", "other", "other");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_pictures_of_the_split_are_decoys_and_all_others_are_training_pictures()
    {
        var report = Request("split:test").Report();

        Assert.Equal(6, report.Dataset.Count);
        Assert.Equal(
            ["p0.png", "p1.png", "p2.png", "p3.png", "p7.png", "p8.png"],
            report.Attributions.Select(a => a.Item).Order(StringComparer.Ordinal)
        );
        Assert.Equal(new NullPool(NullPoolKind.Decoys, 3, 0.25), report.Evidence!.NullPool);
        Assert.Equal(new("split:test", MerkleRoot.Compute(Load("test").Items), 3, 0), report.Evidence.Decoys);
        Assert.Contains(
            "Decoys were chosen from the 3 pictures of the dataset's split 'test'; that the model never saw them "
                + "is taken as given.",
            report.Limits
        );
    }

    [Fact]
    public void A_split_and_a_folder_of_the_same_pictures_give_the_same_report()
    {
        var split = (Request("split:test") with { DatasetOptions = new() { Split = "train" } }).Report();
        _folder.WritePictures("members", 0, 3);
        _folder.WritePictures("unseen", 4, 3);
        var folder = (Request("unseen") with { Dataset = "members" }).Report();

        Assert.Equal(3, split.Dataset.Count);
        Assert.Equal(folder.Dataset.Root, split.Dataset.Root);
        Assert.Equal(
            folder.Attributions,
            split.Attributions,
            (a, b) =>
                (a.Item, a.Score, a.PValue, a.QValue, a.Strength) == (b.Item, b.Score, b.PValue, b.QValue, b.Strength)
        );
        Assert.Equal(folder.Evidence!.Decoys! with { Source = "split:test" }, split.Evidence!.Decoys);
        Assert.Contains(
            "Decoys were chosen from the 3 pictures of 'unseen'; that the model never saw them is taken as given.",
            folder.Limits
        );
    }

    [Fact]
    public void Of_IDX_pairs_the_other_is_the_training_set()
    {
        Idx("train", 4, 0);
        Idx("t10k", 2, 100);

        var report = (Request("split:test") with { Dataset = "idx" }).Report();
        Assert.Equal((4, 2), (report.Dataset.Count, report.Evidence!.NullPool!.Size));
        Assert.All(report.Attributions, a => Assert.StartsWith("train-images", a.Item, StringComparison.Ordinal));
        report = (Request("split:train") with { Dataset = "idx" }).Report();
        Assert.Equal((2, 4), (report.Dataset.Count, report.Evidence!.NullPool!.Size));
    }

    [Fact]
    public void Of_a_single_IDX_pair_nothing_is_left_or_nothing_is_held_out()
    {
        Idx("train", 4, 0);
        Assert.Equal(
            "'idx' holds no split 'test', only 'train-images-idx3-ubyte'; name the split of pictures that are "
                + "there, or none.",
            (Request("split:test") with { Dataset = "idx" }).Refusal()
        );
        Assert.Equal(
            "'idx' holds no pictures beside those of the split 'train' ('train-images-idx3-ubyte'); give the "
                + "folder that holds the others too.",
            (Request("split:train") with { Dataset = "idx" }).Refusal()
        );
    }

    [Theory]
    [InlineData(
        "split:held-out",
        "No picture of 'set' belongs to the split 'held-out'; name one of its splits: other, test, train."
    )]
    [InlineData(
        "split:",
        "'split:' names neither a folder nor a split; give a folder, or split:NAME for a split of the dataset."
    )]
    [InlineData("", "'' names neither a folder nor a split; give a folder, or split:NAME for a split of the dataset.")]
    [InlineData(
        "split:all",
        "'split:all' is the whole dataset and would leave no training pictures; name one of its splits."
    )]
    [InlineData("nowhere", "The dataset folder 'nowhere' does not exist; check the path.")]
    public void What_is_not_there_is_refused(string decoys, string message) =>
        Assert.Equal(message, Request(decoys).Refusal());

    [Fact]
    public void A_dataset_without_splits_has_none_to_hold_out()
    {
        File.Delete(_folder.At("set/metadata.jsonl"));
        Assert.Equal(
            "No picture of 'set' belongs to the split 'test', because neither its metadata nor its folders "
                + "name splits; leave the split out, or add the column split.",
            Request("split:test").Refusal()
        );
    }

    [Fact]
    public void A_split_that_is_the_whole_dataset_leaves_no_training_pictures()
    {
        Describe([.. Enumerable.Repeat("test", 9)]);
        Assert.Equal(
            "'set' holds no pictures beside those of the split 'test'; name another split, or give the pictures "
                + "of that split as a folder.",
            Request("split:test").Refusal()
        );
    }

    [Fact]
    public void The_same_split_cannot_be_both() =>
        Assert.Equal(
            "The split 'test' cannot be both the training pictures and the decoys; give {decoys} another split "
                + "than {split}.",
            (Request("split:test") with { DatasetOptions = new() { Split = "test" } }).Refusal()
        );

    [Fact]
    public void A_decoy_that_is_a_training_picture_pixel_for_pixel_is_refused()
    {
        _folder.Write("set/p5.png", TestPictures.Png(1, 8, 8));
        Assert.Equal(
            "The decoy 'p5.png' is the training picture 'p1.png'; decoys must be pictures that the model never "
                + "saw, so take it out of the dataset's split 'test'.",
            Request("split:test").Refusal()
        );
    }

    [Fact]
    public void A_folder_of_such_a_name_is_given_with_a_dot()
    {
        _folder.WritePictures("split:test", 20, 2);
        var report = Request("./split:test").Report();
        Assert.Equal((6, 2), (report.Dataset.Count, report.Evidence!.NullPool!.Size));
        Assert.Equal("./split:test", report.Evidence.Decoys!.Source);
    }

    [Fact]
    public void Broken_decoys_are_named_apart_from_broken_training_pictures()
    {
        _folder.Write("set/p0.png", "broken");
        _folder.Write("set/p5.png", "broken");
        _folder.Write("set/p6.png", "broken");
        var report = Request("split:test").Report();
        Assert.Equal((1, 2), (report.Dataset.Skipped, report.Evidence!.Decoys!.Skipped));
        Assert.Contains("1 file of the dataset could not be read and was left out: 'p0.png'.", report.Limits);
        Assert.Contains("2 files of the decoys could not be read and were left out, first 'p5.png'.", report.Limits);
        Assert.Contains(
            "Decoys were chosen from the 1 picture of the dataset's split 'test'; that the model never saw it is "
                + "taken as given.",
            report.Limits
        );
    }

    [Fact]
    public void A_plan_counts_them_like_an_audit()
    {
        var plan = (Request("split:test") with { Methods = [MethodCatalog.Find("das")] }).Plan();
        Assert.Equal(
            (6, 3),
            (
                plan.Stages.Single(s => s.Stage == "dataset").Pictures,
                plan.Stages.Single(s => s.Stage == "decoys").Pictures
            )
        );
        Assert.Equal(10, plan.Stages.Single(s => s.Stage == "gradients").Pictures);
        Assert.Contains(
            "No picture of 'set' belongs to the split 'x'",
            Assert.Throws<AuditException>(() => Request("split:x").Plan()).Message,
            StringComparison.Ordinal
        );
    }

    private void Describe(params string?[] splits) =>
        _folder.Write("set/metadata.jsonl", string.Join('\n', splits.Select(MetadataLine)));

    private static string MetadataLine(string? split, int index)
    {
        var stated = split is null ? "" : $", \"split\": \"{split}\"";
        return $$"""{"file_name": "p{{index}}.png", "rights_holder": "Ann"{{stated}}}""";
    }

    private void Idx(string name, byte count, int seed)
    {
        _folder.Write(
            $"idx/{name}-images-idx3-ubyte",
            [
                0,
                0,
                8,
                3,
                0,
                0,
                0,
                count,
                0,
                0,
                0,
                8,
                0,
                0,
                0,
                8,
                .. Enumerable.Range(seed, count * 64).Select(i => (byte)(i * i * 7 % 251)),
            ]
        );
        _folder.Write($"idx/{name}-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, count, .. new byte[count]]);
    }

    private TrainingSet Load(string split) =>
        TrainingSetLoader.Load(_folder.At("set"), new() { Split = split }, null, TestContext.Current.CancellationToken);

    private TestAudit Request(string decoys) => TestAudit.Of(_folder, "pixel") with { Decoys = decoys };
}
