using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Retraining;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients;

/// <summary>Output functions over a region of the sample, on pixels and on latents.</summary>
public class RegionGradientTests
{
    private static readonly PictureRegion Left = Region("0,0,3,8");
    private static readonly PictureRegion Right = Region("3,0,5,8");

    public static TheoryData<string, bool> Functions =>
        new(
            from name in new[]
            {
                "loss",
                "mean",
                "squared-norm",
                "l1-norm",
                "l2-norm",
                "linf-norm",
                "weighted-mse",
                "random-probe:1",
            }
            from latents in new[] { false, true }
            select (name, latents)
        );

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_are_those_of_the_formula_with_a_weight_for_each_value(string name, bool latents)
    {
        using var scope = NewDisposeScope();
        using var model = Model(latents);
        var weights = Weights(Left, model);
        var function = OutputFunctions.Create(name, model.Process, 5);
        var whole = GradientComparison.Batch(model, 3);
        var places = tensor(weights.Values).view(1, weights.Height, weights.Width);
        var expected = Gradients(
            model,
            new FormulaOutput(name, (prediction, batch) => Formula(prediction, batch)),
            whole
        );

        var inRegion = whole with { Region = places.unsqueeze(0) };
        var actual = Gradients(model, function, inRegion);
        using var layerwise = Layerwise(model, function, inRegion);

        for (var row = 0; row < 3; row++)
        {
            var largest = expected.Row(row).Max(Math.Abs);
            Assert.True(largest > 0);
            Close(expected.Row(row), actual.Row(row), 1e-5 * largest);
            Close(expected.Row(row), layerwise.Row(row), 1e-5 * largest);
        }

        // Each weight is spelt out for each value of each channel, and a sample alone.
        Tensor Formula(Tensor prediction, NoisyBatch batch)
        {
            var w = places.repeat(3, 1, 1).flatten();
            var x = prediction.flatten();
            var error = (prediction - batch.Target).flatten();
            var value = name switch
            {
                "loss" or "weighted-mse" => (w * error * error).sum() / w.sum(),
                "mean" => (w * x).sum() / w.sum(),
                "squared-norm" => (w * x * x).sum() / w.sum(),
                "l1-norm" => (w * x.abs()).sum(),
                "l2-norm" => (w * x * x).sum().sqrt(),
                "linf-norm" => (w * x.abs()).max(),
                _ => function.Of((w.sqrt() * x).view(prediction.shape), batch with { Region = null }).squeeze(),
            };
            var schedule = ((DiscreteDiffusion)model.Process).Schedule;
            var t = batch.Passes[0].Timestep;
            var beta = (double)schedule.Betas[t];
            var scale = name == "weighted-mse" ? beta / (2 * (1 - beta) * (1 - (double)schedule.AlphasCumprod[t])) : 1;
            return (value * scale).unsqueeze(0);
        }
    }

    [Theory]
    [InlineData("mean", false)]
    [InlineData("mean", true)]
    [InlineData("loss", true)]
    public void Gradients_of_two_halves_add_up_by_their_sizes_to_the_whole_s(string name, bool latents)
    {
        using var model = Model(latents);
        var options = Options(new FeatureKind(name, Unit: false));
        var (whole, left, right) = (
            Features(model, options, null),
            Features(model, options, Weights(Left, model)),
            Features(model, options, Weights(Right, model))
        );

        for (var r = 0; r < 2; r++)
        {
            var (a, b, sum) = (left[r], right[r], whole[r]);
            var largest = sum.Max(Math.Abs);
            Close(sum, [.. a.Zip(b, (x, y) => (3 * x + 5 * y) / 8)], 1e-5 * largest);
            Assert.True(a.Zip(sum, (x, y) => Math.Abs(x - y)).Max() > 1e-2 * largest);
        }
    }

    [Fact]
    public void Losses_of_two_halves_add_up_too()
    {
        using var model = Model(latents: true);
        double Loss(RegionWeights? region) =>
            SimpleLoss.Of(
                new(model, Options(), rows: 8),
                [Picture() with { Region = region }],
                TestContext.Current.CancellationToken
            )[0];

        Assert.Equal(Loss(null), (3 * Loss(Weights(Left, model)) + 5 * Loss(Weights(Right, model))) / 8, 1e-6);
        Assert.NotEqual(Loss(null), Loss(Weights(Left, model)), 1e-4);
    }

    [Fact]
    public void A_row_of_a_batch_keeps_the_region()
    {
        using var scope = NewDisposeScope();
        using var model = Model(latents: false);
        var batch = GradientComparison.Batch(model, 2) with { Region = ones(1, 1, 8, 8) };

        Assert.Same(batch.Region, batch.Row(1).Region);
    }

    private static IDiffusionModel Model(bool latents) => latents ? new LatentModel() : new TinyUnet(3);

    private static PictureRegion Region(string text) => RegionChoice.Parse(text).Of(8, 8, "q.png", path => path);

    private static RegionWeights Weights(PictureRegion region, IDiffusionModel model) =>
        RegionWeights.Of(
            region,
            model.PictureShape,
            ResizeMode.Crop,
            model.SampleShape.Height,
            model.SampleShape.Width
        )!;

    private static ModelPicture Picture() =>
        new("picture", () => PictureTensor.ToValues(TestPictures.Pattern(1, 8, 8), new(3, 8, 8)));

    private static GradientOptions Options(params FeatureKind[] kinds) =>
        new()
        {
            Kinds = kinds,
            Timesteps = 3,
            Replicates = 2,
            Projection = new() { Kind = ProjectionKind.None },
        };

    private static float[][] Features(IDiffusionModel model, GradientOptions options, RegionWeights? region) =>
        new FeatureEngine(new(() => model is LatentModel ? new LatentModel() : new TinyUnet(3)), options, 1)
            .Compute([Picture() with { Region = region }], null, TestContext.Current.CancellationToken)[0]
            .Rows[options.Kinds[0]];

    private static Taken Gradients(IDiffusionModel model, IOutputFunction function, NoisyBatch batch)
    {
        var parameters = AttributedParameters.Select(model, null);
        var engine = new AutogradGradients(model, parameters, [function]);
        return new(engine.Differentiate(batch), parameters.Space.Count, batch.Rows, engine);
    }

    private static Taken Layerwise(IDiffusionModel model, IOutputFunction function, NoisyBatch batch)
    {
        var parameters = AttributedParameters.Select(model, null);
        var engine = new LayerwiseGradients(model, parameters, [function]);
        return new(engine.Differentiate(batch), parameters.Space.Count, batch.Rows, engine);
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private sealed class Taken(IBatchGradients gradients, int count, int rows, IDisposable engine) : IDisposable
    {
        public float[] Row(int row)
        {
            var (weights, sum) = (new float[rows], new float[count]);
            weights[row] = 1;
            gradients.AddWeightedSum(0, weights, sum);
            return sum;
        }

        public void Dispose()
        {
            gradients.Dispose();
            engine.Dispose();
        }
    }
}
