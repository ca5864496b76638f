using DasAudit.Core.Diffusion;
using DasAudit.Core.Training;
using DasAudit.Core.Training.Replay;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Training.Replay;

/// <summary>
/// The derivative through training against training itself, under the noise of its own run: what the loss of a query
/// really becomes when a picture counts a tenth less.
/// </summary>
public sealed class AdjointTests(ReplayWorld world) : IClassFixture<ReplayWorld>
{
    [Theory]
    [InlineData("model")]
    [InlineData("clipped")]
    public void A_tenth_less_of_a_picture_changes_the_loss_as_predicted(string name)
    {
        var options = OptionsOf(name);
        var predicted = Predicted(name, options, from: 0, less: 0.1);
        var measured = Measured(name, options, from: 0, less: 0.1);
        Assert.True(Correlation.Pearson(predicted, measured) > 0.99, Shown(predicted, measured));
        var slope = predicted.Zip(measured, (x, y) => x * y).Sum() / predicted.Sum(x => x * x);
        Assert.True(slope is > 0.95 and < 1.05, Shown(predicted, measured));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("clipped")]
    public void Pictures_used_late_agree_to_one_per_cent(string name)
    {
        var options = OptionsOf(name);
        var from = options.Steps - 4;
        var predicted = Predicted(name, options, from, less: 0.5);
        var measured = Measured(name, options, from, less: 0.5);
        var largest = measured.Max(Math.Abs);
        Assert.True(largest > 1e-6);
        for (var i = 0; i < predicted.Length; i++)
            Assert.True(Math.Abs(predicted[i] - measured[i]) <= 0.01 * largest, Shown(predicted, measured));
    }

    private static TrainingOptions OptionsOf(string name) =>
        name == "model" ? ReplayWorld.Options : ReplayWorld.Clipped;

    // −less·Σ_k u_k·(the picture's part of ∇L_k)
    private double[] Predicted(string name, TrainingOptions options, int from, double less)
    {
        using var scope = NewDisposeScope();
        using var replay = world.Replay(name);
        using var end = replay.Finish(null, TestContext.Current.CancellationToken);
        using var adjoint = new Adjoint(world.QueryLoss(end).Gradient, options);
        using var parts = new PictureParts(world, options);
        var changes = new double[ReplayWorld.Pictures];
        foreach (var step in replay.Backwards(TestContext.Current.CancellationToken))
        {
            using var inner = NewDisposeScope();
            var direction = adjoint.Undo(step, weights => replay.GradientAt(step.Number, weights));
            if (step.Number < from)
                continue;
            foreach (var (picture, part) in parts.Of(step.Number, step.Weights))
                changes[picture] -= less * direction.dot(part).item<float>();
        }

        return changes;
    }

    private double[] Measured(string name, TrainingOptions options, int from, double less)
    {
        var whole = Retrained(name, options, picture: -1, from, less);
        return
        [
            .. Enumerable
                .Range(0, ReplayWorld.Pictures)
                .Select(picture => Retrained(name, options, picture, from, less) - whole),
        ];
    }

    // The end of training once more, step by step, without a part of a picture.
    private double Retrained(string name, TrainingOptions options, int picture, int from, double less)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet(5);
        using var state = new TrainingState(model, options);
        state.Load(KeptState.PathIn(world.Folder.At(name)));
        using var parts = new PictureParts(world, options);
        while (state.Step < options.Steps)
        {
            using var inner = NewDisposeScope();
            using var now = state.Copy();
            var all = parts.Of(state.Step, now.Weights);
            var gradient = zeros_like(now.Weights);
            foreach (var (index, part) in all)
                gradient.add_(part, alpha: index == picture && state.Step >= from ? 1 - less : 1);
            state.Advance(gradient, options);
        }

        using var end = state.Copy();
        return world.QueryLoss(end.Average).Loss;
    }

    private static string Shown(double[] predicted, double[] measured) =>
        string.Join("; ", predicted.Zip(measured, (x, y) => $"{x:g4} {y:g4}"));

    /// <summary>What each picture adds to the gradient of a step's batch.</summary>
    private sealed class PictureParts(ReplayWorld world, TrainingOptions options) : IDisposable
    {
        private readonly TinyUnet _model = Prepared();
        private readonly TrainingInputs _inputs = new(world.Set, new(new TinyUnet(5), world.Set.Resize));
        private readonly TrainingBatches _batches = new(world.Set, new NoiseSource(options.Seed), options.BatchSize);

        public IReadOnlyList<(int Picture, Tensor Part)> Of(int step, Tensor weights)
        {
            TrainedParameters.Copy(weights, _model);
            return
            [
                .. _batches
                    .Samples(step)
                    .Select(sample =>
                        (
                            sample.Item.Index,
                            ShardGradient.Compute(_model, [sample], _inputs.Read([sample]), _inputs, options).Gradient
                        )
                    ),
            ];
        }

        public void Dispose()
        {
            _model.Dispose();
            _inputs.Dispose();
        }

        private static TinyUnet Prepared()
        {
            var model = new TinyUnet(5);
            model.Network.train();
            TrainedParameters.RequireGradients(model);
            return model;
        }
    }
}
