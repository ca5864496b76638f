using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Methods.Retrained;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Planning;
using DasAudit.Core.Reports;
using DasAudit.Core.Training;
using DasAudit.Core.Uncertainty;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

/// <summary>
/// Audits that compare retrained models: linear ones of one grey pixel, whose losses are known in closed form.
/// </summary>
public sealed class RetrainedAuditTests : IDisposable
{
    private const int Pictures = 5;

    // What each model saw.
    private static readonly int[][] Parts =
    [
        [0, 1],
        [1, 2],
        [2, 0],
        [0, 1, 3],
        [2, 3],
        [1],
    ];

    private readonly TempFolder _folder = new();

    public RetrainedAuditTests()
    {
        for (var i = 0; i < Pictures; i++)
            WriteGrey($"set/p{i}.png", 40 * (i + 1));
        WriteGrey("query.png", 90);
        WriteGrey("others/q.png", 150);
        foreach (var (m, part) in Parts.Index())
            WriteModel($"models/{m}", part);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Empirical_influence_compares_the_losses_of_models_that_saw_a_picture_with_those_of_models_that_did_not()
    {
        var report = Request("empirical-influence").Report();
        for (var i = 0; i < Pictures; i++)
        {
            double Mean(bool saw) =>
                Parts.Index().Where(part => part.Item.Contains(i) == saw).Average(part => Loss(part.Index, Grey(90)));
            // Nobody saw the last one.
            var expected = i == 4 ? 0 : Mean(false) - Mean(true);
            Assert.Equal(expected, report.Attributions.Single(a => a.Item == $"p{i}.png").Score, 1e-6);
        }

        Assert.Equal(5, report.Attributions.Select(a => a.Score).Distinct().Count());
        Assert.Equal(
            ("empirical-influence", "loss", "none", 6),
            (report.Method.Id, report.Method.OutputFunction, report.Method.Damping, report.Method.Retrained!.Count)
        );
        Assert.Contains(
            "1 of 5 candidates was seen by all or by none of the 6 retrained models, which then say nothing about "
                + "it: its score is 0; train more models.",
            report.Limits
        );
        Assert.Contains(
            report.Limits,
            limit => limit.StartsWith("Losses were compared under 6 retrained models;", StringComparison.Ordinal)
        );
        Assert.Contains(
            report.Limits,
            limit =>
                limit.StartsWith(
                    "The retrained models differ in more than what they saw: the size of the part;",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains("retrained models", report.Timings.Keys);
    }

    [Theory]
    [InlineData("empirical-influence")]
    [InlineData("datamodel")]
    public void Decoys_that_no_model_was_trained_on_are_not_compared_with(string id)
    {
        for (var i = 0; i < 30; i++)
            WriteGrey($"decoys/d{i}.png", 5 * i + 3);
        var report = (Request(id) with { Decoys = "decoys" }).Report();
        Assert.Null(report.Evidence!.NullPool);
        Assert.All(
            report.Attributions,
            a => Assert.Equal((null, null, EvidenceStrength.NotEstablished), (a.PValue, a.QValue, a.Strength!.Value))
        );
        Assert.Contains(
            "Scores were not compared with those of the pictures of 'decoys': no retrained model was trained on any "
                + "of them, so this method cannot score them.",
            report.Limits
        );
        Assert.StartsWith(
            "Which pictures each retrained model happened to see is a chance that was not measured",
            Assert.Single(report.Evidence.Definition),
            StringComparison.Ordinal
        );
        Assert.Equal(("none", 0L), (report.Method.Projection, report.Model.AttributedParameters));
        Assert.All(report.Attributions, a => Assert.Equal(Math.Sign(a.Score), a.Direction));
    }

    [Fact]
    public void The_datamodel_is_the_one_of_those_losses()
    {
        // In the order of the weights' hashes, which its folds depend on.
        var order = Parts.Index().OrderBy(part => Hash(part.Index), StringComparer.Ordinal).ToList();
        var expected = new DatamodelMethod().Score(
            new()
            {
                Members = 5,
                Scored = 5,
                Replicates = 1,
                Retrained = new(
                    [.. order.Select(part => Enumerable.Range(0, 5).Select(part.Item.Contains).ToArray())],
                    [.. order.Select(part => new[] { Loss(part.Index, Grey(90)) })]
                ),
            },
            new(),
            TestContext.Current.CancellationToken
        );
        var report = Request("datamodel").Report();
        Assert.Equal(expected.Damping, report.Method.DampingValues);
        foreach (var attribution in report.Attributions)
            Assert.Equal(expected.Queries[0].Mean[attribution.Item[1] - '0'], attribution.Score, 1e-6);
        Assert.NotEqual(0, report.Attributions[0].Score);
    }

    [Fact]
    public void Neither_folder_names_nor_threads_nor_other_queries_change_a_score()
    {
        var request = Request("datamodel", "empirical-influence");
        var expected = request.Report();
        foreach (var (m, name) in new[] { "z", "b", "y", "a", "x", "c" }.Index())
            Directory.Move(_folder.At($"models/{m}"), _folder.At($"renamed/{name}"));
        WriteGrey("another.png", 10);
        var reports = (
            request with
            {
                Images = ["another.png", "query.png"],
                Retrained = ["renamed/b", "renamed"],
                Threads = 4,
            }
        ).Reports();
        Assert.Equal(Scores(expected), Scores(reports[1]));
        Assert.Equal(expected.Method.Retrained, reports[1].Method.Retrained);
        Assert.NotEqual(Scores(expected), Scores(reports[0]));
        Assert.Equal(
            expected.Comparison!.Methods.Select(m => m.Top.Select(t => t.Score)),
            reports[1].Comparison!.Methods.Select(m => m.Top.Select(t => t.Score))
        );

        // Other weights or another part are other models.
        WriteModel("renamed/b", Parts[2]);
        Assert.NotEqual(
            expected.Method.Retrained!.Sha256,
            (request with { Retrained = ["renamed"] }).Report().Method.Retrained!.Sha256
        );
    }

    [Fact]
    public void Other_queries_for_the_null_have_losses_of_their_own()
    {
        var alone = Request("empirical-influence").Report();
        var tested = (Request("empirical-influence") with { NullQueries = "others" }).Report();
        Assert.Equal(Scores(alone), Scores(tested));
        Assert.Equal(1, tested.Evidence!.NullPool!.Size);
    }

    [Fact]
    public void A_report_reads_back_as_it_was_and_says_nothing_of_retrained_models_where_there_are_none()
    {
        var report = Request("pixel", "datamodel").Report();
        Assert.Equal(report.Method.Retrained, ReportJson.Deserialize(ReportJson.Serialize(report)).Method.Retrained);
        using var json = JsonDocument.Parse(ReportJson.Serialize(report));
        var retrained = json.RootElement.GetProperty("method").GetProperty("retrained");
        Assert.Equal(["count", "sha256"], retrained.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^[0-9a-f]{64}$", retrained.GetProperty("sha256").GetString());

        var without = (Request("pixel") with { Retrained = [] }).Report();
        Assert.DoesNotContain("retrained", ReportJson.Serialize(without), StringComparison.Ordinal);
        Assert.Null(ReportJson.Deserialize(ReportJson.Serialize(without)).Method.Retrained);
    }

    [Fact]
    public void Pictures_that_the_dataset_did_not_hold_yet_count_as_not_seen()
    {
        WriteGrey("set/p9.png", 250);
        var report = Request("empirical-influence").Report();
        Assert.Equal(0, report.Attributions.Single(a => a.Item == "p9.png").Score);
        Assert.Contains(
            "6 of the 6 retrained models were trained when the dataset held other pictures; those that it did not "
                + "hold count as not seen.",
            report.Limits
        );
        Assert.Contains(
            report.Limits,
            limit => limit.StartsWith("2 of 6 candidates were seen by all or by none", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_model_of_the_whole_dataset_saw_every_picture()
    {
        WriteModel("models/6", null);
        Assert.Contains(
            Request("empirical-influence").Report().Limits,
            limit => limit.StartsWith("Losses were compared under 7", StringComparison.Ordinal)
        );
        // It is no longer known which.
        WriteGrey("set/p9.png", 250);
        AssertRefused("models/6", "was trained on the whole of a dataset that is not 'set' as it is now");
    }

    [Fact]
    public void Models_that_cannot_be_compared_are_refused()
    {
        foreach (var id in new[] { "datamodel", "empirical-influence" })
        {
            var message = (Request(id) with { Retrained = [] }).Refusal();
            Assert.Equal(
                $"The method {id} needs models retrained on parts of the dataset; train some with train {{part}} 0.5 "
                    + "{part-seed} N {output} MODELS/N, the rest as for the audited model, N = 1, 2, 3 and so on, "
                    + "and give audit {retrained} MODELS.",
                message
            );
        }

        Assert.Contains("There is no folder 'nowhere'", Refused(["nowhere"]));
        Directory.CreateDirectory(_folder.At("empty/unfinished"));
        Assert.Contains("'empty' holds no retrained model", Refused(["empty"]));
        Assert.Contains("{part} 0.5", Refused(["empty"]));
        Assert.Contains(
            "The method datamodel needs at least 5 retrained models, and there are 4;",
            Refused(["models/0", "models/1", "models/2", "models/2", "models/3"])
        );
        Assert.Contains(
            "at least 2 retrained models, and there is 1;",
            (Request("empirical-influence") with { Retrained = ["models/0"] }).Refusal()
        );
    }

    [Fact]
    public void A_model_of_another_dataset_is_refused()
    {
        var record = TrainingRecord.Read(_folder.At("models/2"));
        (record with { Pictures = [new string('0', 64), new string('1', 64)] }).Write(_folder.At("models/2"));
        AssertRefused("models/2", "was trained on another dataset: none of its 2 pictures is in 'set'");
    }

    [Fact]
    public void A_model_of_another_kind_is_refused()
    {
        _folder.Write("models/3/kind", "unet");
        AssertRefused("models/3", "is of another kind than the audited one (");
    }

    [Fact]
    public void A_model_whose_loss_is_no_number_is_refused()
    {
        _folder.Write(
            "models/4/theta.json",
            "[" + string.Join(',', Enumerable.Repeat("1e38", LinearModel.Features)) + "]"
        );
        AssertRefused("models/4", "The loss of 'query.png' under the retrained model 'models/4' is not finite");
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_refused()
    {
        _folder.Write("models/1/training.json", "{ half");
        AssertRefused("training.json", "does not say what its model was trained on");
    }

    [Fact]
    public void A_plan_counts_the_models()
    {
        var slow = Request("datamodel") with { Adapter = new TinyAdapter(path => SlowModel.Of(Load(path), 10)) };
        var stage = slow.Plan().Stages.Single(s => s.Stage == "retrained models");
        Assert.Equal(1, stage.Pictures);
        // Six models on two threads, each at three timesteps under two noise draws.
        Assert.InRange(stage.Seconds, 3 * 6 * 0.010, 20 * 3 * 6 * 0.010);
        Assert.DoesNotContain(Request("pixel").Plan().Stages, s => s.Stage == "retrained models");
        Assert.Contains(
            "{part}",
            Assert.Throws<AuditException>(() => (Request("datamodel") with { Retrained = [] }).Plan()).Message
        );
    }

    private static double Grey(int value) => (value / 255f - 0.5f) / 0.5f;

    private static double[] Theta(int model) =>
        [
            .. Enumerable
                .Range(0, LinearModel.Features)
                .Select(j => Math.Sin(1.3 * model + 0.9 * j) * (0.5 + 0.3 * model)),
        ];

    // E (θᵀψ(x_t) − x₀)² over three timesteps and two noise draws.
    private static double Loss(int model, double clean)
    {
        var (theta, source, schedule) = (Theta(model), new NoiseSource(7), NoiseSchedule.Linear(1000));
        var sum = 0.0;
        foreach (var t in new[] { 166, 500, 833 })
        {
            for (var r = 0; r < 2; r++)
            {
                var noise = new float[1];
                source.Normal(new(NoisePurpose.Attribution, t, r), noise);
                using var noisy = schedule.AddNoise(
                    torch.tensor((float)clean).view(1, 1, 1, 1),
                    torch.tensor(noise).view(1, 1, 1, 1),
                    torch.tensor(new long[] { t })
                );
                var error = LinearModel.Psi(noisy.item<float>()).Zip(theta, (psi, own) => psi * own).Sum() - clean;
                sum += error * error;
            }
        }

        return sum / 6;
    }

    private string Hash(int model)
    {
        using var loaded = Load(_folder.At($"models/{model}"));
        return ModelSource.Hash(loaded);
    }

    private void WriteGrey(string path, int value) =>
        _folder.Write(path, PictureWriter.Png(new(2, 2, [.. Enumerable.Repeat((byte)value, 12)])));

    private void WriteModel(string path, int[]? part)
    {
        var set = TrainingSetLoader.Load(_folder.At("set"), new(), null, TestContext.Current.CancellationToken);
        _folder.Write($"{path}/theta.json", JsonSerializer.Serialize(Theta(path[^1] - '0')));
        TrainingRecord
            .Of(set, new() { Part = part?.Length / 5.0 }, part?.Select(i => set.Items[i]).ToList())
            .Write(_folder.At(path));
    }

    [Fact]
    public void A_missing_encoder_is_said_before_any_retrained_model_is_loaded()
    {
        var loaded = new List<string>();
        var audit = Request("datamodel") with
        {
            Candidates = new() { Limit = 2 },
            Adapter = new TinyAdapter(path =>
            {
                loaded.Add(Path.GetFileName(path));
                return Load(path);
            }),
        };
        Assert.StartsWith("Without an image encoder nothing tells which 2 of the 5", audit.Refusal());
        Assert.Equal(["model"], loaded);
    }

    private string Refused(string[] folders) => (Request("datamodel") with { Retrained = folders }).Refusal();

    private void AssertRefused(params string[] parts)
    {
        var message = Refused(["models"]);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, double)> Scores(AuditReport report) =>
        report.Attributions.Select(a => (a.Item, a.Score));

    private TestAudit Request(params string[] ids) =>
        TestAudit.Of(_folder, ids) with
        {
            Adapter = new TinyAdapter(Load),
            Gradients = new()
            {
                Timesteps = 3,
                Replicates = 2,
                Seed = 7,
            },
            Retrained = ["models"],
        };

    private static IDiffusionModel Load(string path)
    {
        if (File.Exists(Path.Combine(path, "kind")))
            return new TinyUnet(3);
        var theta = Path.Combine(path, "theta.json");
        return File.Exists(theta)
            ? new Filed(JsonSerializer.Deserialize<double[]>(File.ReadAllText(theta))!, theta)
            : new Filed(Theta(9), null);
    }

    private sealed class Filed(double[] theta, string? file) : IDiffusionModel
    {
        private readonly LinearModel _model = new(theta);

        public torch.nn.Module Network => _model.Network;

        public NoiseSchedule Schedule => _model.Schedule;

        public PredictionType PredictionType => _model.PredictionType;

        public ImageShape PictureShape => _model.PictureShape;

        public IReadOnlyList<string> Files => file is null ? [] : [file];

        public torch.Tensor Predict(torch.Tensor noisy, torch.Tensor timesteps, torch.Tensor? condition = null) =>
            _model.Predict(noisy, timesteps, condition);

        public void Dispose() => _model.Dispose();
    }
}
