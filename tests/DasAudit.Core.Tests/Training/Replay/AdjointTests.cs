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

    // From both sides, since a step whose gradient is shortened is far from linear. What remains is the rounding of
    // weights to float32.
    [Theory]
    [InlineData("model", 0.01)]
    [InlineData("clipped", 0.02)]
    public void Pictures_used_late_agree_to_one_per_cent(string name, double tolerance)
    {
        const double Part = 0.05;
        var options = OptionsOf(name);
        var from = options.Steps - 4;
        var predicted = Predicted(name, options, from, Part);
        double[] measured =
        [
            .. Measured(name, options, from, Part)
                .Zip(Measured(name, options, from, -Part), (less, more) => (less - more) / 2),
        ];
        var largest = measured.Max(Math.Abs);
        Assert.True(largest > 1e-7);
        for (var i = 0; i < predicted.Length; i++)
            Assert.True(Math.Abs(predicted[i] - measured[i]) <= tolerance * largest, Shown(predicted, measured));
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
            var flat = state.Layout.Zeros();
            state.Layout.FromRowMajor(gradient, flat);
            state.Advance(flat, options).Dispose();
        }

        using var end = state.Copy();
        return world.QueryLoss(end.Average).Loss;
    }

    private static string Shown(double[] predicted, double[] measured) =>
        string.Join("; ", predicted.Zip(measured, (x, y) => $"{x:g4} {y:g4}"));

    /// <summary>What each picture adds to the gradient of a step's batch.</summary>
    private sealed class PictureParts : IDisposable
    {
        private readonly TrainingOptions _options;
        private readonly TrainingState _state;
        private readonly TrainedCopy _copy;
        private readonly TrainingInputs _inputs;
        private readonly TrainingBatches _batches;

        public PictureParts(ReplayWorld world, TrainingOptions options)
        {
            _options = options;
            _inputs = new(world.Set, new(new TinyUnet(5), world.Set.Resize));
            _batches = new(world.Set, new NoiseSource(options.Seed), options.BatchSize);
            var model = new TinyUnet(5);
            _state = new(model, options);
            _copy = new(model, _state);
        }

        public IReadOnlyList<(int Picture, Tensor Part)> Of(int step, Tensor weights)
        {
            using (no_grad())
                _state.Layout.FromRowMajor(weights, _state.Weights);
            return [.. _batches.Samples(step).Select(sample => (sample.Item.Index, PartOf(sample)))];
        }

        public void Dispose()
        {
            _copy.Dispose();
            _state.Dispose();
            _inputs.Dispose();
        }

        private Tensor PartOf(TrainingSample sample)
        {
            var pictures = _inputs.Read([sample]);
            var (loss, gradient) = ShardGradient.Compute(_copy, [sample], pictures, _inputs, _options);
            loss.Dispose();
            using (gradient)
                return _state.Layout.ToRowMajor(gradient);
        }
    }
}
