using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Safetensors;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

/// <summary>How few runs serve the needs of several methods, and what each of them is.</summary>
public sealed class FeaturePlanTests : IDisposable
{
    private static readonly FeatureNeed Plain = new("plain", FeatureKind.UnitMean);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Needs_of_the_same_passes_share_one_run_of_all_their_kinds()
    {
        var other = new FeatureNeed("other", FeatureKind.UnitMean, FeatureKind.UnitLoss);
        var plan = Plan(new Needing("a", Plain), new Needing("b", other));
        var run = Assert.Single(plan.Runs);
        Assert.Equal([FeatureKind.UnitLoss, FeatureKind.UnitMean], run.Options.Kinds);
        Assert.Equal(("model", 1.0, false), (run.Model.Path, run.LearningRate, run.Trajectory));
        Assert.All([Plain, other], need => Assert.Equal([(run, run)], Pairs(plan, need)));
        Assert.Empty(plan.Substitutions);
    }

    [Fact]
    public void Queries_of_other_kinds_have_a_run_of_their_own_with_the_same_passes()
    {
        var need = new FeatureNeed("probes", FeatureKind.UnitLoss) { QueryKinds = [FeatureKind.UnitMean] };
        var plan = Plan(new Needing("a", need));
        var (candidates, queries) = Assert.Single(Pairs(plan, need));
        Assert.Equal([candidates, queries], plan.Runs);
        Assert.Equal([FeatureKind.UnitLoss], candidates.Options.Kinds);
        Assert.Equal([FeatureKind.UnitMean], queries.Options.Kinds);
        Assert.Equal(candidates with { Options = queries.Options }, queries);
        Assert.Equal(candidates.Options with { Kinds = queries.Options.Kinds }, queries.Options);
    }

    [Fact]
    public void A_need_of_more_draws_or_of_sketches_by_layer_has_passes_of_its_own()
    {
        var draws = Plain with { DrawsPerReplicate = 3 };
        var layers = Plain with { LayerBlocks = true };
        var plan = Plan(new Needing("a", Plain, draws), new Needing("b", layers));
        Assert.Equal(3, plan.Runs.Count);
        Assert.Equal([2, 6, 2], new[] { Plain, draws, layers }.Select(need => Only(plan, need).Options.Replicates));
        Assert.Equal("sjlt:64", Only(plan, draws).Options.Projection.ToString());
        Assert.Equal(ProjectionOptions.Layered, Only(plan, layers).Options.Projection);
    }

    [Fact]
    public void Sketches_by_layer_that_were_asked_for_stay_as_they_were_asked_for()
    {
        var layers = Plain with { LayerBlocks = true };
        var asked = Asked with { Projection = ProjectionOptions.Parse("layers:16") };
        Assert.Equal(
            "layers:16",
            Assert.Single(Plan(asked, new Needing("a", Plain, layers)).Runs).Options.Projection.ToString()
        );
    }

    [Fact]
    public void Timesteps_of_a_need_are_out_of_a_thousand()
    {
        var need = Plain with { Timesteps = [100, 105, 500, 999] };
        Assert.Equal([100, 105, 500, 999], Only(Plan(new Needing("a", need)), need).Options.ChosenTimesteps);

        using var adapter = new FaultyAdapter(Fault.None);
        using var model = adapter.Load("", torch.CPU, ModelLoadOptions.Trained);
        Assert.Equal(100, model.Process.TrainTimesteps);
        Assert.Equal([10, 50, 99], Only(Plan(Asked, model, new Needing("a", need)), need).Options.ChosenTimesteps);
    }

    [Fact]
    public void Checkpoints_that_training_kept_have_runs_of_their_own()
    {
        Keep(80, 0.3);
        Keep(10, 0.5);
        Keep(40, 0.4);
        var all = Plain with { Checkpoints = CheckpointChoice.All };
        var early = Plain with { Checkpoints = CheckpointChoice.Early };
        var plan = Plan(new Needing("a", Plain), new Needing("b", all, early));
        Assert.Equal(["0000010", "0000040", "0000080", "model"], Checkpoints(plan, all));
        Assert.Equal([0.5, 0.4, 0.3, 0.3], Pairs(plan, all).Select(pair => pair.Candidates.LearningRate));
        Assert.Equal(["0000040"], Checkpoints(plan, early));
        Assert.Equal(["model"], Checkpoints(plan, Plain));
        Assert.Equal(4, plan.Runs.Count);
        Assert.Empty(plan.Substitutions);
    }

    [Fact]
    public void Where_none_was_kept_the_finished_model_stands_in_and_the_report_will_say_so()
    {
        var all = Plain with { Checkpoints = CheckpointChoice.All };
        var early = Plain with { Checkpoints = CheckpointChoice.Early };
        var plan = Plan(new Needing("z", early), new Needing("plain", Plain), new Needing("a", all, early));
        Assert.Equal(["model"], Checkpoints(plan, all));
        Assert.Equal(["model"], Checkpoints(plan, early));
        Assert.Single(plan.Runs);
        Assert.StartsWith(
            "Training kept no checkpoints beside the model, so a, z looked at the finished model only;",
            Assert.Single(plan.Substitutions)
        );
    }

    [Fact]
    public void Half_of_the_draws_are_taken_at_the_middle_of_training_with_noise_of_their_own()
    {
        var need = Plain with { Checkpoints = CheckpointChoice.EarlyAndMiddle, DrawsPerReplicate = 2 };
        Assert.Equal([("model", 4, 0)], Draws());
        Keep(28, 0.3);
        Assert.Equal([("0000028", 4, 0)], Draws());
        Keep(55, 0.2);
        Keep(90, 0.1);
        Assert.Equal([("0000028", 2, 0), ("0000055", 2, 2)], Draws());
        // What needs the first draws only shares their run.
        Assert.Equal(2, Plan(new Needing("a", need, Plain with { Checkpoints = CheckpointChoice.Early })).Runs.Count);

        (string Checkpoint, int Replicates, int First)[] Draws() =>
            [
                .. Pairs(Plan(new Needing("a", need)), need)
                    .Select(pair =>
                        (
                            Path.GetFileName(pair.Candidates.Model.Path),
                            pair.Candidates.Options.Replicates,
                            pair.Candidates.Options.FirstReplicate
                        )
                    ),
            ];
    }

    [Fact]
    public void A_need_keeps_to_its_parameters_unless_others_are_asked_for_or_the_model_has_none_of_them()
    {
        var need = Plain with { Parameters = "^_first" };
        var lacking = Plain with { Parameters = "^sideways" };
        using var model = new TinyUnet(3);
        var names = model.Network.named_parameters().Select(named => named.name).ToList();
        Assert.Contains(names, name => name.StartsWith("_first", StringComparison.Ordinal));
        Assert.Contains(names, name => !name.StartsWith("_first", StringComparison.Ordinal));

        var plan = Plan(new Needing("a", need, Plain));
        Assert.Equal(["^_first", null], new[] { need, Plain }.Select(part => Only(plan, part).Options.AttributedPart));
        Assert.Empty(plan.Substitutions);

        var whole = Plan(new Needing("b", lacking, Plain), new Needing("a", lacking));
        Assert.Null(Assert.Single(whole.Runs).Options.AttributedPart);
        Assert.Equal(
            "The model has no attributed parameters in up blocks, to which a, b would keep, so all attributed "
                + "parameters were looked at.",
            Assert.Single(whole.Substitutions)
        );

        var asked = Plan(Asked with { Parameters = "^_last" }, new Needing("a", need, lacking));
        Assert.Equal(
            ("^_last", null),
            (Assert.Single(asked.Runs).Options.Parameters, asked.Runs[0].Options.AttributedPart)
        );
        Assert.Empty(asked.Substitutions);
    }

    [Fact]
    public void Gradients_are_scaled_by_the_second_moments_that_were_kept_or_given()
    {
        Keep(10, 0.5);
        SafetensorsWriter.Write(
            _folder["model/checkpoints/0000010/second-moments.safetensors"],
            [("w", torch.ones(2))]
        );
        Keep(80, 0.3);
        var need = Plain with { Checkpoints = CheckpointChoice.All, AdamMetric = true };
        var plan = Plan(new Needing("a", need, Plain));
        var kept = Pairs(plan, need)[0].Candidates.Options.Metric!;
        Assert.Equal(
            [kept.Sha256, null, null],
            Pairs(plan, need).Select(pair => pair.Candidates.Options.Metric?.Sha256)
        );

        SafetensorsWriter.Write(_folder["given.safetensors"], [("w", torch.zeros(2))]);
        var given = AdamMetric.Open(_folder["given.safetensors"]);
        Assert.NotEqual(kept.Sha256, given.Sha256);
        Assert.All(
            Plan(Asked with { Metric = given }, new Needing("a", need)).Runs,
            run => Assert.Same(given, run.Options.Metric)
        );
    }

    [Fact]
    public void Queries_of_a_trajectory_are_followed_at_the_steps_of_their_sampling()
    {
        var need = Plain with { Trajectory = true };
        var plan = Plan(new Needing("a", need, Plain));
        var (candidates, queries) = Assert.Single(Pairs(plan, need));
        Assert.Equal((false, true), (candidates.Trajectory, queries.Trajectory));
        Assert.Equal(Asked.ChosenTimesteps, candidates.Options.ChosenTimesteps);
        // Five steps from 1000, the last of them first.
        Assert.Equal([0, 200, 400, 600, 800], queries.Options.ChosenTimesteps);
        Assert.Equal(3, plan.Runs.Count);
    }

    [Fact]
    public void A_method_without_gradients_needs_no_run()
    {
        var (without, with) = (new Needing("a"), new Needing("b", Plain with { DrawsPerReplicate = 3 }, Plain));
        Assert.Empty(Plan(without).Runs);
        var plan = Plan(without, with);
        Assert.Equal(Asked, plan.Gradients(without));
        Assert.Equal(6, plan.Gradients(with).Replicates);
    }

    private static readonly GradientOptions Asked = TestAudit.Passes(2, 2, 64);

    private FeaturePlan Plan(params IAttributionMethod[] methods) => Plan(Asked, methods);

    private FeaturePlan Plan(GradientOptions gradients, params IAttributionMethod[] methods)
    {
        using var model = new TinyUnet(3);
        return Plan(gradients, model, methods);
    }

    private FeaturePlan Plan(GradientOptions gradients, IDiffusionModel model, params IAttributionMethod[] methods) =>
        FeaturePlan.Of(
            new() { Methods = methods, Gradients = gradients },
            new(new TinyAdapter(), "", "", "model", _folder.Path),
            model,
            new GeneratorOptions { Steps = 5 }
        );

    private static IReadOnlyList<(FeatureRun Candidates, FeatureRun Queries)> Pairs(
        FeaturePlan plan,
        FeatureNeed need
    ) => [.. plan.Of(need).Select(pair => (pair.Candidates, pair.Queries))];

    private static FeatureRun Only(FeaturePlan plan, FeatureNeed need) => Assert.Single(Pairs(plan, need)).Candidates;

    private static IEnumerable<string> Checkpoints(FeaturePlan plan, FeatureNeed need) =>
        Pairs(plan, need).Select(pair => Path.GetFileName(pair.Candidates.Model.Path));

    private void Keep(int step, double learningRate)
    {
        var folder = TrainingCheckpoint.FolderOf(_folder["model"], step);
        Directory.CreateDirectory(folder);
        new TrainingCheckpoint(folder, step, 100, learningRate).WriteInfo();
    }

    private sealed record Needing(string Id, params IReadOnlyList<FeatureNeed> Features) : IAttributionMethod
    {
        public MethodDescription Description => new(Id, "", "", "") { Scores = new("", "") };

        public MethodNeeds Needs => new() { Features = Features };

        public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
