using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods.Retrained;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

/// <summary>What audits that compare retrained models say, against losses in closed form.</summary>
public sealed class RetrainedAuditTests : IDisposable
{
    private readonly RetrainedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Empirical_influence_compares_the_losses_of_models_that_saw_a_picture_with_those_of_models_that_did_not()
    {
        var report = _world.Request("empirical-influence").Report();
        for (var i = 0; i < RetrainedWorld.Pictures; i++)
        {
            double Mean(bool saw) =>
                RetrainedWorld
                    .Parts.Index()
                    .Where(part => part.Item.Contains(i) == saw)
                    .Average(part => RetrainedWorld.Loss(part.Index));
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
            _world.WriteGrey($"decoys/d{i}.png", 5 * i + 3);
        var report = (_world.Request(id) with { Decoys = "decoys" }).Report();
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
        var order = RetrainedWorld
            .Parts.Index()
            .OrderBy(part => _world.Hash(part.Index), StringComparer.Ordinal)
            .ToList();
        var expected = new DatamodelMethod().Score(
            new()
            {
                Members = 5,
                Scored = 5,
                Replicates = 1,
                Retrained = new(
                    [.. order.Select(part => Enumerable.Range(0, 5).Select(part.Item.Contains).ToArray())],
                    [.. order.Select(part => new[] { RetrainedWorld.Loss(part.Index) })]
                ),
            },
            new(),
            TestContext.Current.CancellationToken
        );
        var report = _world.Request("datamodel").Report();
        Assert.Equal(expected.Damping, report.Method.DampingValues);
        foreach (var attribution in report.Attributions)
            Assert.Equal(expected.Queries[0].Mean[attribution.Item[1] - '0'], attribution.Score, 1e-6);
        Assert.NotEqual(0, report.Attributions[0].Score);
    }

    [Fact]
    public void Neither_folder_names_nor_threads_nor_other_queries_change_a_score()
    {
        var request = _world.Request("datamodel", "empirical-influence");
        var expected = request.Report();
        foreach (var (m, name) in new[] { "z", "b", "y", "a", "x", "c" }.Index())
            Directory.Move(_world.Folder.At($"models/{m}"), _world.Folder.At($"renamed/{name}"));
        _world.WriteGrey("another.png", 10);
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
        _world.WriteModel("renamed/b", RetrainedWorld.Parts[2]);
        Assert.NotEqual(
            expected.Method.Retrained!.Sha256,
            (request with { Retrained = ["renamed"] }).Report().Method.Retrained!.Sha256
        );
    }

    [Fact]
    public void Other_queries_for_the_null_have_losses_of_their_own()
    {
        var alone = _world.Request("empirical-influence").Report();
        var tested = (_world.Request("empirical-influence") with { NullQueries = "others" }).Report();
        Assert.Equal(Scores(alone), Scores(tested));
        Assert.Equal(1, tested.Evidence!.NullPool!.Size);
    }

    [Fact]
    public void A_report_reads_back_as_it_was_and_says_nothing_of_retrained_models_where_there_are_none()
    {
        var report = _world.Request("pixel", "datamodel").Report();
        Assert.Equal(report.Method.Retrained, ReportJson.Deserialize(ReportJson.Serialize(report)).Method.Retrained);
        using var json = JsonDocument.Parse(ReportJson.Serialize(report));
        var retrained = json.RootElement.GetProperty("method").GetProperty("retrained");
        Assert.Equal(["count", "sha256"], retrained.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^[0-9a-f]{64}$", retrained.GetProperty("sha256").GetString());

        var without = (_world.Request("pixel") with { Retrained = [] }).Report();
        Assert.DoesNotContain("retrained", ReportJson.Serialize(without), StringComparison.Ordinal);
        Assert.Null(ReportJson.Deserialize(ReportJson.Serialize(without)).Method.Retrained);
    }

    [Fact]
    public void Pictures_that_the_dataset_did_not_hold_yet_count_as_not_seen()
    {
        _world.WriteGrey("set/p9.png", 250);
        var report = _world.Request("empirical-influence").Report();
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
        _world.WriteModel("models/6", null);
        Assert.Contains(
            _world.Request("empirical-influence").Report().Limits,
            limit => limit.StartsWith("Losses were compared under 7", StringComparison.Ordinal)
        );
        // It is no longer known which.
        _world.WriteGrey("set/p9.png", 250);
        _world.AssertRefused("models/6", "was trained on the whole of a dataset that is not 'set' as it is now");
    }

    [Fact]
    public void A_plan_counts_the_models()
    {
        var slow = _world.Request("datamodel") with
        {
            Adapter = new TinyAdapter(path => SlowModel.Of(RetrainedWorld.Load(path), 10)),
        };
        var stage = slow.Plan().Stages.Single(s => s.Stage == "retrained models");
        Assert.Equal(1, stage.Pictures);
        // Six models on two threads, each at three timesteps under two noise draws.
        Assert.InRange(stage.Seconds, 3 * 6 * 0.010, 20 * 3 * 6 * 0.010);
        Assert.DoesNotContain(_world.Request("pixel").Plan().Stages, s => s.Stage == "retrained models");
        Assert.Contains(
            "{part}",
            Assert.Throws<AuditException>(() => (_world.Request("datamodel") with { Retrained = [] }).Plan()).Message
        );
    }

    private static IEnumerable<(string, double)> Scores(AuditReport report) =>
        report.Attributions.Select(a => (a.Item, a.Score));
}
