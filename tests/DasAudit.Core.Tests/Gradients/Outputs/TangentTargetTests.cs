using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Gradients.Outputs;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Outputs;

/// <summary>vᵀỹ with ỹ = Jθ + (y − ε̂), for every way of taking gradients.</summary>
public class TangentTargetTests
{
    private static readonly PictureProbeOutput Probe = new PictureProbeOutput(1, 4);

    public static TheoryData<string, string?> Networks =>
        new()
        {
            { "tiny", null },
            { "tiny", "^_last" },
            { "tiny", "weight$" },
            { "tiny", "bias$ !_time" },
            { "ddpm-tiny", null },
            { "ddpm-tiny", "mid_block" },
            { "ddpm-celeba-like/scale-shift", null },
            { "ddpm-celeba-like/class-cond", "weight$ !norm" },
        };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_linear_in_its_parameters_has_the_targets_it_was_trained_on(bool bias)
    {
        using var scope = NewDisposeScope();
        using var model = Linear(bias);
        var batch = GradientComparison.Batch(model, 5);
        var expected = Probe.Of(batch.Target, batch).data<float>().ToArray();
        foreach (var (way, targets) in Ways(model, batch, null))
            Close([.. expected.Select(value => (double)value)], targets, 1e-5, way);
    }

    [Fact]
    public void What_is_not_attributed_is_no_part_of_the_model_that_is_linear()
    {
        // ε̂ = Wx + b with W alone: ỹ = Wx + y − (Wx + b) = y − b.
        using var scope = NewDisposeScope();
        using var model = Linear(bias: true);
        var batch = GradientComparison.Batch(model, 5);
        var b = model.Network.get_parameter("bias")!.detach().view(1, -1, 1, 1);
        var expected = Probe.Of(batch.Target - b, batch).data<float>().ToArray();
        foreach (var (way, targets) in Ways(model, batch, "weight"))
            Close([.. expected.Select(value => (double)value)], targets, 1e-5, way);
    }

    /// <summary>As a LoRA does it: ε̂ = Wx + b + Ux with W and b alone has ỹ = y − Ux.</summary>
    [Fact]
    public void What_a_layer_inside_a_layer_adds_to_it_is_no_part_of_it()
    {
        using var scope = NewDisposeScope();
        using var model = Linear(bias: true);
        var (layer, inside) = ((TorchSharp.Modules.Conv2d)model.Network, nn.Conv2d(3, 3, 1, bias: false));
        layer.register_module("inside", inside);
        layer.register_forward_hook((_, input, output) => output + inside.call(input));
        var batch = GradientComparison.Batch(model, 5);
        var expected = Probe.Of(batch.Target - inside.call(batch.Noisy).detach(), batch).data<float>().ToArray();
        foreach (var (way, targets) in Ways(model, batch, "^(weight|bias)$"))
            Close([.. expected.Select(value => (double)value)], targets, 1e-5, way);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void They_are_those_of_finite_differences_along_the_parameters(string name, string? pattern)
    {
        using var scope = NewDisposeScope();
        TorchThreads.Use(1);
        using var model = name == "tiny" ? new TinyUnet() : GoldenGradientsTests.Load(name);
        var batch = GradientComparison.Batch(model, 6, GoldenGradientsTests.Classes(model, 0, 1, 2, 0, 1, 2));
        var ways = Ways(model, batch, pattern);

        var parameters = AttributedParameters.Select(model, pattern);
        var values = parameters.Tensors.Select(parameter => parameter.detach().clone()).ToList();
        var rest = Of(batch.Target - At(0));
        // Richardson's extrapolation: the error falls with the fourth power of the step.
        const double Step = 0.02;
        var along = Of((8 * (At(Step) - At(-Step)) - (At(2 * Step) - At(-2 * Step))) / (12 * Step));
        foreach (var (way, targets) in ways)
            Close(along, [.. targets.Zip(rest, (target, part) => target - part)], 1e-3, way);

        double[] Of(Tensor output) => [.. Probe.Of(output, batch).data<float>().Select(value => (double)value)];

        Tensor At(double step)
        {
            using var noGradient = no_grad();
            foreach (var (parameter, value) in parameters.Tensors.Zip(values))
                parameter.copy_(value * (1 + step));
            var output = model.Predict(batch.Noisy, batch.Timesteps, batch.Condition);
            foreach (var (parameter, value) in parameters.Tensors.Zip(values))
                parameter.copy_(value);
            return output;
        }
    }

    [Fact]
    public void They_do_not_depend_on_workers_order_or_company_and_only_probes_have_them()
    {
        var pictures = Enumerable
            .Range(0, 5)
            .Select(i => new ModelPicture(
                $"picture {i}",
                () => [.. Enumerable.Range(0, 192).Select(n => MathF.Sin(n * (i + 1)))]
            ))
            .ToList();
        var options = new GradientOptions
        {
            Timesteps = 3,
            Replicates = 2,
            Kinds = [new("loss", false), new("picture-probe:0", false), new("random-probe:0", false, true)],
        };
        var alone = pictures.Select(picture => Compute([picture], 1)[0]).ToList();
        var together = Compute(pictures, 3);
        var reversed = Compute([.. Enumerable.Reverse(pictures)], 2);
        for (var i = 0; i < pictures.Count; i++)
        {
            var (function, targets) = Assert.Single(alone[i].TangentTargets);
            Assert.Equal("picture-probe:0", function);
            Assert.Equal([3, 3], targets.Select(row => row.Length));
            Assert.Equal(6, targets.SelectMany(row => row).Distinct().Count());
            Assert.Equal(targets, together[i].TangentTargets[function]);
            Assert.Equal(targets, reversed[^(i + 1)].TangentTargets[function]);
        }

        IReadOnlyList<PictureFeatures> Compute(IReadOnlyList<ModelPicture> some, int workers) =>
            new FeatureEngine(new(() => new TinyUnet()), options, workers).Compute(
                some,
                null,
                TestContext.Current.CancellationToken
            );
    }

    [Fact]
    public void They_do_not_depend_on_the_projection_and_leave_the_parameters_alone()
    {
        var picture = new ModelPicture("picture", () => [.. Enumerable.Range(0, 192).Select(n => MathF.Cos(n))]);
        var whole = Targets(ProjectionOptions.Parse("none"));
        foreach (var projection in new[] { "sjlt:16", "layers:8" })
            Assert.Equal(whole, Targets(ProjectionOptions.Parse(projection)));
        foreach (var (expected, actual) in whole.Zip(Targets(ProjectionOptions.Parse("logra:2x3"))))
            Close(expected, actual, 1e-5, "logra");

        double[][] Targets(ProjectionOptions projection)
        {
            using var model = new TinyUnet();
            var before = model.Network.parameters().Select(parameter => parameter.detach().clone()).ToList();
            var features = new FeatureEngine(
                new(() => new KeptModel(model)),
                new()
                {
                    Timesteps = 2,
                    Replicates = 2,
                    Kinds = [new("picture-probe:0", false)],
                    Projection = projection,
                },
                1
            ).Compute([picture], null, TestContext.Current.CancellationToken)[0];
            foreach (var (parameterBefore, parameter) in before.Zip(model.Network.parameters()))
                Assert.True(parameterBefore.equal(parameter).all().item<bool>());
            return features.TangentTargets["picture-probe:0"];
        }
    }

    [Fact]
    public void A_layer_that_gives_more_than_its_parameters_do_is_found()
    {
        // Another hook adds the input before ours sees the output: gradients are right, but the output is not Wx + b.
        IDiffusionModel Load()
        {
            var model = Linear(bias: true);
            ((nn.Module<Tensor, Tensor>)model.Network).register_forward_hook((_, input, output) => output + input);
            return model;
        }

        var options = new GradientOptions
        {
            Timesteps = 3,
            Replicates = 1,
            Kinds = [new("picture-probe:0", false)],
        };
        var picture = new ModelPicture("picture", () => [.. Enumerable.Range(0, 75).Select(n => MathF.Cos(n))]);
        var engine = new FeatureEngine(new(Load), options, 1);
        var actual = engine.Compute([picture], null, TestContext.Current.CancellationToken)[0].TangentTargets[
            "picture-probe:0"
        ][0];
        Assert.Equal(
            "what the parameters give to the prediction differs from automatic differentiation's",
            engine.SlowBecause
        );

        // ε̂ = x + Wx + b: ỹ = y − x
        using var scope = NewDisposeScope();
        using var model = Load();
        var batch = options
            .Batches(model)
            .Create("picture", tensor(picture.Read(), [1, 3, 5, 5]), null, new(0, 1, 0, 3));
        Close(
            [
                .. new PictureProbeOutput(0, 0)
                    .Of(batch.Target - batch.Noisy, batch)
                    .data<float>()
                    .Select(value => (double)value),
            ],
            actual,
            1e-5,
            "autograd"
        );
    }

    private static FunctionModel Linear(bool bias)
    {
        using var generator = new Generator(3);
        var layer = nn.Conv2d(3, 3, 3, padding: 1, bias: bias);
        using (no_grad())
        {
            foreach (var parameter in layer.parameters())
                parameter.normal_(0, 0.5, generator);
        }

        ConvolutionLayout.UseChannelsLast(layer);
        return new(layer, new(3, 5, 5), (noisy, _, _) => layer.call(noisy));
    }

    private static List<(string Way, double[] Targets)> Ways(IDiffusionModel model, NoisyBatch batch, string? pattern)
    {
        var ways = new List<(string, double[])>();
        foreach (var logra in new[] { null, new LograRanks(3, 2) })
        {
            var parameters = AttributedParameters.Select(model, pattern, logra: logra);
            using var layerwise = new LayerwiseGradients(model, parameters, [OutputFunctions.Loss, Probe]);
            using var autograd = new AutogradGradients(model, parameters, [OutputFunctions.Loss, Probe]);
            foreach (ISampleGradients way in new ISampleGradients[] { layerwise, autograd })
            {
                using var gradients = way.Differentiate(batch);
                Assert.Null(gradients.TangentTargets[0]);
                ways.Add(($"{way.GetType().Name} {logra}", gradients.TangentTargets[1]!));
            }
        }

        return ways;
    }

    private static void Close(double[] expected, double[] actual, double relative, string way)
    {
        var difference = Math.Sqrt(expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Sum() / expected.Sum(e => e * e));
        Assert.True(difference < relative, $"{way}: relative difference {difference:E1}");
    }
}
