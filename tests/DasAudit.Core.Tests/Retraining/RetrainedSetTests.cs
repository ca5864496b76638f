using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;
using DasAudit.Core.Training;

namespace DasAudit.Core.Tests.Retraining;

public sealed class RetrainedSetTests : IDisposable
{
    private static string Root => Set.Root;

    private static readonly TrainingSet Set = Sets.Of(Sets.Dot(1, 0, 0), Sets.Dot(2, 0, 0), Sets.Dot(3, 0, 0));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(false, "das", "pixel", "ekfac")]
    [InlineData(true, "das", "datamodel")]
    [InlineData(true, "empirical-influence")]
    public void Models_are_wanted_where_one_method_at_least_looks_at_them(bool wanted, params string[] ids) =>
        Assert.Equal(wanted, RetrainedSet.Wanted(ids.Select(MethodCatalog.Find)));

    [Fact]
    public void Models_are_found_within_folders_by_order_of_name_and_each_once()
    {
        foreach (var name in new[] { "b", "a", "B" })
            Train($"models/{name}", Part(0));
        Train("another", Part(1));
        Directory.CreateDirectory(_folder["models/notes"]);
        var models = Find(["empirical-influence"], "another", "models", "models/a/", "./models");
        Assert.Equal(["another", "models/B", "models/a", "models/b"], models.Select(model => model.Path));
        Assert.Equal([Set.Items[1].PixelSha256], models[0].Record.Pictures);
        Assert.Equal(2, models.Select(model => model.RecordSha256).Distinct().Count());
    }

    [Fact]
    public void Every_method_must_have_enough_of_them()
    {
        for (var m = 0; m < 4; m++)
            Train($"models/{m}", Part(0));
        Assert.Equal(4, Find(["das", "empirical-influence"], "models").Count);
        Assert.StartsWith(
            "The method datamodel needs at least 5 retrained models, and there are 4;",
            Refusal(() => Find(["das", "empirical-influence", "datamodel"], "models"))
        );
        Assert.StartsWith(
            "The method empirical-influence needs at least 2 retrained models, and there is 1;",
            Refusal(() => Find(["empirical-influence", "datamodel"], "models/0"))
        );
        Assert.StartsWith(
            "The method datamodel needs models retrained on parts of the dataset;",
            Refusal(() => Find(["das", "datamodel", "empirical-influence"]))
        );
    }

    [Fact]
    public void A_folder_without_models_is_refused_by_its_name_as_given()
    {
        Directory.CreateDirectory(_folder["empty/unfinished"]);
        _folder.Write("broken/1/training.json", "{}");
        Assert.StartsWith("There is no folder 'nowhere'", Refusal(() => Find(["datamodel"], "nowhere")));
        Assert.StartsWith("'empty' holds no retrained model", Refusal(() => Find(["datamodel"], "empty")));
        Assert.Contains("does not say what its model", Refusal(() => Find(["datamodel"], "broken")));
    }

    [Fact]
    public void A_model_of_a_part_must_have_seen_one_picture_of_the_dataset()
    {
        var elsewhere = new string('0', 64);
        var known = Part(2) with { Pictures = [elsewhere, Set.Items[2].PixelSha256] };
        Check(known);
        Assert.StartsWith(
            "The retrained model 'models/1' was trained on another dataset: none of its 2 pictures is in 'pictures';",
            Refusal(() => Check(known, known with { Pictures = [elsewhere, new string('1', 64)] }))
        );
    }

    [Fact]
    public void A_model_of_a_whole_dataset_must_be_of_this_one()
    {
        Check(Whole(Root));
        Assert.StartsWith(
            "The retrained model 'models/1' was trained on the whole of a dataset that is not 'pictures' as it is now,",
            Refusal(() => Check(Whole(Root), Whole("another root")))
        );
    }

    [Fact]
    public void Models_that_differ_in_what_they_saw_alone_need_no_note()
    {
        var first = Part(0);
        var second = Part(1) with
        {
            Options = first.Options with { Seed = 1, PartSeed = 1, CheckpointEvery = 7, Keep = [] },
        };
        Assert.Empty(Notes(first, second));
    }

    [Fact]
    public void Models_of_the_dataset_as_it_was_are_counted()
    {
        var earlier = Part(1) with { Dataset = new("another root", 2) };
        Assert.Equal(
            "2 of the 3 retrained models were trained when the dataset held other pictures; "
                + "those that it did not hold count as not seen.",
            Assert.Single(Notes(Part(0), earlier, earlier))
        );
    }

    [Fact]
    public void Models_trained_on_another_background_are_refused()
    {
        var record = Part(0, 1) with { Dataset = new(Root, Set.Items.Count) { Background = "black" } };
        Train("model", record);
        Assert.Equal("black", TrainingRecord.Read(_folder["model"]).Dataset.Background);
        var models = new[] { new RetrainedModel("model", record, "") };
        var error = Assert.Throws<AuditException>(() => RetrainedSet.Check(models, Set, "set"));
        Assert.Contains("with the background black, not white", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_trained_on_other_sizes_or_captions_are_refused()
    {
        var dataset = new TrainedDataset(Root, Set.Items.Count);
        Assert.Contains(
            "resized by pad, not crop; give that as {resize-mode}",
            Refusal(dataset with { Resize = "pad" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "was trained on other captions than those of 'set'",
            Refusal(dataset with { CaptionsSha256 = "abc" }),
            StringComparison.Ordinal
        );

        static string Refusal(TrainedDataset trained)
        {
            var models = new[] { new RetrainedModel("model", Part(0, 1) with { Dataset = trained }, "") };
            return Assert.Throws<AuditException>(() => RetrainedSet.Check(models, Set, "set")).Message;
        }
    }

    public static TheoryData<string, TrainingOptions> Differences() =>
        new()
        {
            {
                "the size of the part",
                new() { Part = 0.25 }
            },
            { "steps", Half with { Steps = 9 } },
            { "pictures a step", Half with { BatchSize = 9 } },
            { "the optimiser's settings", Half with { LearningRate = 0.9 } },
            { "the optimiser's settings", Half with { FinalLearningRate = 0.9 } },
            { "the optimiser's settings", Half with { WarmupSteps = 9 } },
            { "the optimiser's settings", Half with { Beta2 = 0.9 } },
            { "the optimiser's settings", Half with { WeightDecay = 0.9 } },
            { "the optimiser's settings", Half with { GradientClip = 0.9 } },
            { "the moving average of the weights", Half with { EmaDecay = 0.9 } },
            { "the weight of timesteps", Half with { LossWeight = LossWeight.ClippedSnr } },
            { "the offset of the noise", Half with { NoiseOffset = 0.1 } },
            { "how often captions are left out", Half with { CaptionDropout = 0.1 } },
            { "the LoRA", Half with { Lora = new() } },
            { "steps, the moving average of the weights", Half with { Steps = 9, EmaDecay = 0.9 } },
        };

    [Theory]
    [MemberData(nameof(Differences))]
    public void What_else_the_models_differ_in_is_named(string difference, TrainingOptions options) =>
        Assert.Equal(
            $"The retrained models differ in more than what they saw: {difference}; "
                + "what that does to the loss is in the scores.",
            Assert.Single(Notes(Part(0), Part(0), Part(0) with { Options = options }))
        );

    private static TrainingOptions Half => new() { Part = 0.5 };

    private static TrainingRecord Part(params int[] pictures) =>
        new()
        {
            Dataset = new(Root, Set.Items.Count),
            Options = Half,
            Pictures = [.. pictures.Select(i => Set.Items[i].PixelSha256)],
        };

    private static TrainingRecord Whole(string root) =>
        new()
        {
            Dataset = new(root, Set.Items.Count),
            Options = new(),
            Pictures = null,
        };

    private void Train(string folder, TrainingRecord record)
    {
        Directory.CreateDirectory(_folder[folder]);
        record.Write(_folder[folder]);
    }

    private IReadOnlyList<RetrainedModel> Find(string[] ids, params string[] folders) =>
        RetrainedSet.Find([.. ids.Select(MethodCatalog.Find)], folders, path => Path.GetFullPath(path, _folder.Path));

    private static void Check(params TrainingRecord[] records) => RetrainedSet.Check(Models(records), Set, "pictures");

    private static List<string> Notes(params TrainingRecord[] records) =>
        [.. RetrainedSet.Notes(Models(records), Root)];

    private static List<RetrainedModel> Models(TrainingRecord[] records) =>
        [.. records.Select((record, m) => new RetrainedModel($"models/{m}", record, ""))];

    private static string Refusal(Action action) => Assert.Throws<AuditException>(action).Message;
}
