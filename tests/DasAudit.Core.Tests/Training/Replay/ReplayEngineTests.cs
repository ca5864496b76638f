using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Training;
using DasAudit.Core.Training.Replay;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Training.Replay;

/// <summary>Scores against the same sums taken one picture, step and timestep at a time; and what is refused.</summary>
public sealed class ReplayEngineTests(ReplayWorld world) : IClassFixture<ReplayWorld>
{
    private static readonly GradientOptions Gradients = new() { Timesteps = 3, Replicates = 2 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Scores_are_the_sums_written_out()
    {
        var scores = Compute(threads: 1);
        var expected = Reference(PictureOf(3), PictureOf(0), PictureOf(7));
        Assert.Equal(0, scores.Difference);
        for (var q = 0; q < 2; q++)
        {
            var largest = expected[q].Max(Math.Abs);
            for (var i = 0; i < 3; i++)
                Assert.Equal(expected[q][i], scores.Rises[q][i], 1e-3 * largest);
        }
    }

    [Fact]
    public void Scores_depend_neither_on_threads_nor_on_other_queries_and_rows()
    {
        var scores = Compute(threads: 1);
        Assert.Equal(scores.Rises, Compute(threads: 3).Rises);
        using var model = Model("model");
        var alone = Engine(model, 1).Compute(world.Set, [Picture(1)], [Picture(7)], null, Cancellation);
        Assert.Equal(scores.Rises[1][2], Assert.Single(Assert.Single(alone.Rises)));
    }

    [Fact]
    public void A_run_that_does_not_lead_to_the_model_is_refused()
    {
        Directory.CreateDirectory(world.Folder.At("other"));
        foreach (var file in new[] { "replay-state.safetensors", "training.json" })
            File.Copy(world.Folder.At($"model/{file}"), world.Folder.At($"other/{file}"));
        File.Copy(world.Folder.At("clipped/weights.safetensors"), world.Folder.At("other/weights.safetensors"));
        Assert.Contains("does not lead to its weights", Refusal("other", world.Set));
    }

    [Fact]
    public void Another_dataset_is_refused()
    {
        world.Folder.WritePictures("fewer", 0, 4);
        var fewer = Core.Datasets.TrainingSetLoader.Load(world.Folder.At("fewer"), new(), null, Cancellation);
        Assert.Contains("was trained on another dataset than", Refusal("model", fewer));
    }

    [Fact]
    public void The_cost_grows_with_queries_and_rows()
    {
        using var model = Model("model");
        var cost = Engine(model, 2).Measure(null, Cancellation);
        Assert.Equal((30, 4, 10), (cost.Steps, cost.BatchSize, cost.ScoredSteps));
        Assert.True(cost.PassSeconds > 0);
        Assert.Equal(30 * 4 * cost.PassSeconds, cost.Seconds(3, 0) - cost.Seconds(2, 0), 1e-12);
        Assert.Equal(10 * 5 * cost.PassSeconds, cost.Seconds(1, 8) - cost.Seconds(1, 7), 1e-12);
        Assert.True(cost.Bytes(9) > cost.Bytes(1));
    }

    private ReplayScores Compute(int threads)
    {
        using var model = Model("model");
        return Engine(model, threads)
            .Compute(world.Set, [Picture(0), Picture(1)], [Picture(3), Picture(0), Picture(7)], null, Cancellation);
    }

    private string Refusal(string name, Core.Datasets.TrainingSet set)
    {
        using var model = Model(name);
        return Assert
            .Throws<AuditException>(() => Engine(model, 1).Compute(set, [Picture(0)], [Picture(1)], null, Cancellation))
            .Message;
    }

    private static ReplayEngine Engine(AuditedModel model, int threads) => new(model, Gradients, threads);

    private AuditedModel Model(string name) =>
        AuditedModel.Load(new(new TinyAdapter(ReplayWorld.Load), "", "", name, world.Folder.Path), CPU);

    private ModelPicture Picture(int index) => new($"p{index}", () => PictureOf(index));

    private float[] PictureOf(int index) =>
        PictureTensor.ToValues(world.Set.Read(world.Set.Items[index]), new(3, 8, 8), world.Set.Resize);

    private double[][] Reference(params float[][] rows)
    {
        using var scope = NewDisposeScope();
        using var replay = world.Replay("model");
        using var end = replay.Finish(null, Cancellation);
        using var model = new TinyUnet(5);
        TrainedParameters.Copy(end, model);
        var timesteps = Gradients.TimestepGrid(1000);
        var adjoints = new[] { 0, 1 }
            .Select(q =>
            {
                var draws = new[] { 0, 1 }.Select(draw =>
                    ReplayWorld.Loss(model, Clean(PictureOf(q)), timesteps, draw).Gradient
                );
                return new Adjoint(stack(draws).mean([0L]), ReplayWorld.Options);
            })
            .ToList();
        var scores = new[] { new double[rows.Length], new double[rows.Length] };
        var steps = ReplayPasses.Steps(30, 30);
        foreach (var step in replay.Backwards(Cancellation))
        {
            TrainedParameters.Copy(step.Weights, model);
            foreach (var (q, adjoint) in adjoints.Index())
            {
                var direction = adjoint.Undo(step, weights => replay.GradientAt(step.Number, weights));
                var index = Array.IndexOf(steps, step.Number);
                if (index < 0)
                    continue;
                foreach (var (i, row) in rows.Index())
                {
                    var chosen = ReplayPasses.Timesteps(index, 1000);
                    var gradient = ReplayWorld.Loss(model, Clean(row), chosen, index).Gradient;
                    scores[q][i] -= 30.0 / 10 / ReplayWorld.Pictures * 0.62 * direction.dot(gradient).item<float>();
                }
            }
        }

        adjoints.ForEach(adjoint => adjoint.Dispose());
        return scores;
    }

    private static Tensor Clean(float[] values) => tensor(values, [1, 3, 8, 8]);
}
