using DasAudit.Abstractions;
using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Models;

public sealed class ModelSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_that_does_not_follow_the_schedule_is_refused()
    {
        var source = Source(new TinyAdapter()) with { Schedule = "ddpm-cosine" };

        Assert.Equal(
            "The adapter 'tiny' does not follow {schedule}; leave it out.",
            Assert.Throws<AuditException>(() => source.Load(CPU)).Message
        );
        using var model = Source(new TinyAdapter()).Load(CPU);
        Assert.Null(model.ScheduleOrigin);
    }

    [Fact]
    public void A_LoRA_a_configuration_and_a_size_that_the_adapter_does_not_follow_are_refused()
    {
        var source = Source(new TinyAdapter());

        string Refusal(ModelSource asked) => Assert.Throws<AuditException>(() => asked.Load(CPU)).Message;
        Assert.Equal(
            "The adapter 'tiny' does not follow {lora}; leave it out.",
            Refusal(source with { Loras = [new("a.safetensors")] })
        );
        Assert.Equal(
            "The adapter 'tiny' does not follow {model-config}; leave it out.",
            Refusal(source with { ModelConfig = "config" })
        );
        Assert.Equal(
            "The adapter 'tiny' does not follow {resolution}; leave it out.",
            Refusal(source with { Resolution = 64 })
        );
        using var same = (source with { Resolution = 8 }).Load(CPU);
        Assert.Equal(8, same.PictureShape.Width);
    }

    [Fact]
    public void The_hash_covers_the_weights_of_LoRAs_and_the_size_of_pictures()
    {
        var file = _folder.Write("weights", "numbers");
        var source = Source(new TinyAdapter());
        var model = new ScheduledModel(file);
        ModelSource[] sources =
        [
            source,
            source with
            {
                Loras = [new(file)],
            },
            source with
            {
                Loras = [new(file, 0.5)],
            },
            source with
            {
                Resolution = 8,
            },
        ];

        Assert.Equal(ModelSource.Hash(model), source.HashOf(model));
        Assert.Equal(4, sources.Select(each => each.HashOf(model)).Distinct().Count());
    }

    [Fact]
    public void The_hash_knows_which_LoRA_has_which_weight_and_not_their_order()
    {
        var (first, second) = (_folder.Write("a/lora", "one"), _folder.Write("b/lora", "two"));
        var model = new ScheduledModel(first) { MoreFiles = [second] };
        var source = Source(new TinyAdapter());

        string Hash(params LoraFile[] loras) => (source with { Loras = loras }).HashOf(model);
        Assert.NotEqual(Hash(new(first, 1), new(second, 0.5)), Hash(new(first, 0.5), new(second, 1)));
        Assert.Equal(Hash(new(first, 1), new(second, 0.5)), Hash(new(second, 0.5), new(first, 1)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/")]
    public void A_folder_may_be_written_with_a_slash_behind_it(string folder)
    {
        var file = _folder.Write("a/lora", "one");
        var adapter = new TinyAdapter(_ => new ScheduledModel(file));

        using var model = (Source(adapter) with { Loras = [new(folder)] }).Load(CPU);

        Assert.Equal([file], model.Files);
    }

    [Fact]
    public void What_was_trained_is_replaced_a_LoRA_where_there_is_one()
    {
        var source = Source(new TinyAdapter());
        var withLora = source with { Loras = [new("lora", 0.5)] };

        Assert.Equal("half/1", source.WithTrained("half/1").Path);
        Assert.Equal([new("half/1", 0.5)], withLora.WithTrained("half/1").Loras);
        Assert.Equal(source.Path, withLora.WithTrained("half/1").Path);
    }

    [Theory]
    [InlineData("here.json", true)]
    [InlineData("ddpm-cosine", false)]
    public void A_schedule_that_is_there_as_a_file_is_given_as_an_absolute_path(string schedule, bool isFile)
    {
        _folder.Write("here.json", "{}");
        var adapter = new ScheduledAdapter();

        using var model = (Source(adapter) with { Schedule = schedule }).Load(CPU, new() { UntrainedSeed = 7 });

        Assert.Equal(isFile ? _folder[schedule] : schedule, adapter.Options!.Schedule);
        Assert.Equal(7, adapter.Options.UntrainedSeed);
    }

    [Fact]
    public void The_hash_covers_the_schedule_only_where_no_file_states_it()
    {
        var file = _folder.Write("weights", "numbers");
        var hashes = new[]
        {
            new ScheduledModel(file),
            new ScheduledModel(file) { ScheduleOrigin = new("", ScheduleSource.Checkpoint) },
            new ScheduledModel(file) { ScheduleOrigin = new("", ScheduleSource.Request, file) },
            new ScheduledModel(file) { ScheduleOrigin = new("", ScheduleSource.Assumption) },
            new ScheduledModel(file) { ScheduleOrigin = new("other words", ScheduleSource.Request) },
            new ScheduledModel(file)
            {
                ScheduleOrigin = new("", ScheduleSource.Request),
                Process = new DiscreteDiffusion(NoiseSchedule.SquaredCosine(10), PredictionType.Epsilon),
            },
            new ScheduledModel(file)
            {
                ScheduleOrigin = new("", ScheduleSource.Request),
                Process = new DiscreteDiffusion(NoiseSchedule.Linear(10), PredictionType.Sample),
            },
        }.Select(ModelSource.Hash).ToList();

        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[0], hashes[2]);
        Assert.Equal(hashes[3], hashes[4]);
        Assert.Equal(4, hashes.Distinct().Count());
    }

    [Fact]
    public void A_report_says_what_states_the_schedule()
    {
        var file = _folder[Path.Combine("model", "scheduler.json")];
        var model = new ScheduledModel(file) { ScheduleOrigin = new("words", ScheduleSource.Checkpoint, file) };

        Assert.Equal("words", ScheduleFacts.Description(model));
        Assert.Equal("model/scheduler.json", ScheduleFacts.Source(model, null, _folder.Path));
        Assert.Equal(file, ScheduleFacts.Source(model, null, null));
        model = new(file) { ScheduleOrigin = new("words", ScheduleSource.Request, file) };
        Assert.Equal("{schedule} my.json", ScheduleFacts.Source(model, "my.json", null));
        model = new(file) { ScheduleOrigin = new("words", ScheduleSource.Assumption) };
        Assert.Null(ScheduleFacts.Source(model, null, null));
    }

    [Fact]
    public void Of_a_model_that_says_nothing_the_figures_are_told()
    {
        var model = new ScheduledModel("weights");

        Assert.Equal("betas from 0.0001 to 0.02, 10 timesteps", ScheduleFacts.Description(model));
        Assert.Equal("the checkpoint", ScheduleFacts.Source(model, null, null));
    }

    private ModelSource Source(IModelAdapter adapter) => new(adapter, "1", "", "model", _folder.Path);

    private sealed class ScheduledAdapter : IModelAdapter
    {
        public ModelLoadOptions? Options { get; private set; }

        public string Name => "scheduled";

        public bool CanLoad(string path) => true;

        public IDiffusionModel Load(string path, Device device, ModelLoadOptions options)
        {
            Options = options;
            return new ScheduledModel("weights") { ScheduleOrigin = new("", ScheduleSource.Request) };
        }
    }

    private sealed class ScheduledModel(string file) : IDiffusionModel
    {
        public nn.Module Network { get; } = nn.Linear(1, 1);

        public IForwardProcess Process { get; init; } =
            new DiscreteDiffusion(NoiseSchedule.Linear(10), PredictionType.Epsilon);

        public ScheduleOrigin? ScheduleOrigin { get; init; }

        public ImageShape PictureShape => new(1, 1, 1);

        public IReadOnlyList<string> MoreFiles { get; init; } = [];

        public IReadOnlyList<string> Files => [file, .. MoreFiles];

        public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) => noisy.alias();

        public void Dispose() => Network.Dispose();
    }
}
