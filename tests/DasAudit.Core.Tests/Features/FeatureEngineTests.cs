using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Features;

public class FeatureEngineTests
{
    private static readonly GradientOptions Options = new()
    {
        Timesteps = 3,
        Replicates = 2,
        Projection = new() { Kind = ProjectionKind.None },
    };

    [Fact]
    public void Features_are_means_of_unit_gradients_taken_by_finite_differences()
    {
        var picture = Pictures(1)[0];
        var feature = Compute(Options, [picture], workers: 1)[0];

        var (output, loss, errors, norms) = FiniteDifferences(picture, replicate: 1);
        Close(output, feature.Output(1));
        Close(loss, feature.Loss(1));
        for (var t = 0; t < 3; t++)
        {
            Assert.Equal(errors[t], feature.SquaredErrors[1][t], 1e-5);
            Assert.Equal(1, norms[t] / feature.Norms(1)[t], 1e-3);
        }
    }

    [Fact]
    public void Features_do_not_depend_on_workers_order_or_company()
    {
        var pictures = Pictures(7);
        var alone = pictures.Select(p => Compute(Options, [p], 1)[0]).ToList();
        var together = Compute(Options, pictures, 3);
        var reversed = Compute(Options, [.. pictures.Reverse()], 2);
        for (var i = 0; i < pictures.Length; i++)
        {
            Assert.Equal(alone[i].Output(1), together[i].Output(1));
            Assert.Equal(alone[i].Output(1), reversed[^(i + 1)].Output(1));
            Assert.Equal(alone[i].Loss(0), together[i].Loss(0));
        }
    }

    [Fact]
    public void Draws_from_another_first_one_are_those_of_that_number()
    {
        var picture = Pictures(1)[0];
        var all = Compute(Options with { Replicates = 5 }, [picture], 1)[0];
        var last = Compute(Options with { FirstReplicate = 3 }, [picture], 1)[0];
        Assert.Equal([all.Output(3), all.Output(4)], [last.Output(0), last.Output(1)]);
        Assert.Equal(all.SquaredErrors[3..], last.SquaredErrors);
        Assert.NotEqual(all.Output(0), last.Output(0));
    }

    [Fact]
    public void A_part_of_the_attributed_parameters_is_what_rules_for_it_select()
    {
        var picture = Pictures(1)[0];
        var part = Compute(Options with { AttributedPart = "^_first" }, [picture], 1)[0];
        Assert.Equal(Compute(Options with { Parameters = "^_first" }, [picture], 1)[0].Output(1), part.Output(1));
        Assert.NotEqual(Compute(Options, [picture], 1)[0].Output(1).Length, part.Output(1).Length);
        Assert.Equal(
            Compute(Options with { Parameters = "^_last" }, [picture], 1)[0].Output(1),
            Compute(Options with { Parameters = "^_last", AttributedPart = "^_first" }, [picture], 1)[0].Output(1)
        );
    }

    [Fact]
    public void Memory_that_cannot_suffice_is_refused_with_what_it_takes() =>
        Assert.Matches(
            "{memory} is too little.*at least [0-9]+ MiB",
            Assert.Throws<AuditException>(() => Compute(Options with { Memory = 1 << 20 }, Pictures(1), 1)).Message
        );

    [Theory]
    [InlineData(null, 32, 4)]
    [InlineData(4000, 32, 4)]
    [InlineData(1300, 32, 1)]
    [InlineData(1012, 18, 1)]
    [InlineData(728, 1, 1)]
    public void A_budget_costs_workers_first_and_rows_then(int? budget, int rows, int workers) =>
        Assert.Equal(
            (rows, workers),
            new BatchMemory(200 << 20, 16 << 20, 32).Fit(
                TorchSharp.DeviceType.CPU,
                4,
                budget is { } mebibytes ? (long)mebibytes << 20 : null
            )
        );

    [Fact]
    public void A_device_that_is_not_the_processor_has_one_worker_whatever_the_threads() =>
        Assert.Equal((32, 1), new BatchMemory(200 << 20, 16 << 20, 32).Fit(TorchSharp.DeviceType.CUDA, 4, null));

    [Fact]
    public void Only_the_selected_parameters_are_attributed()
    {
        using var model = new TinyUnet();
        var selected = AttributedParameters.Select(model, "^_last");
        Assert.Equal(["_last.weight", "_last.bias"], selected.Names);
        var feature = Compute(Options with { Parameters = "^_last" }, Pictures(1), 1)[0];
        Assert.Equal(8 * 3 * 9 + 3, feature.Output().Length);
    }

    [Theory]
    [InlineData("nothing-has-this-name", "selects none")]
    [InlineData("(", "no regular expression")]
    public void A_useless_parameter_pattern_is_refused(string pattern, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<AuditException>(() => Compute(Options with { Parameters = pattern }, Pictures(1), 2)).Message
        );

    [Fact]
    public void A_gradient_that_is_not_finite_names_picture_timestep_and_layer()
    {
        static IDiffusionModel Broken()
        {
            var model = new TinyUnet();
            using var noGradient = no_grad();
            model.Network.get_parameter("_time.weight")!.fill_(float.NaN);
            return model;
        }

        var engine = new FeatureEngine(new(Broken), Options, 2);
        var error = Assert.Throws<AuditException>(() => engine.Compute(Pictures(4), null, CancellationToken.None));
        Assert.Matches("picture [0-3].*timestep 166.*_", error.Message);
    }

    [Fact]
    public void A_picture_that_cannot_be_read_ends_the_run_with_its_own_sentence()
    {
        var pictures = Pictures(20);
        pictures[3] = new("bad", () => throw new AuditException("'bad' is gone."));
        Assert.Equal("'bad' is gone.", Assert.Throws<AuditException>(() => Compute(Options, pictures, 2)).Message);
    }

    [Fact]
    public void Cancelling_stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new FeatureEngine(new(() => new TinyUnet()), Options, 2).Compute(Pictures(3), null, cancellation.Token)
        );
    }

    private static IReadOnlyList<PictureFeatures> Compute(
        GradientOptions options,
        IReadOnlyList<ModelPicture> pictures,
        int workers
    ) => new FeatureEngine(new(() => new TinyUnet()), options, workers).Compute(pictures, null, CancellationToken.None);

    private static ModelPicture[] Pictures(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new ModelPicture(
                    $"picture {i}",
                    () =>
                    {
                        var values = new float[3 * 8 * 8];
                        new NoiseSource(100 + i).Normal(new(NoisePurpose.SamplingStart, 0, 0), values);
                        return [.. values.Select(v => Math.Clamp(v / 2, -1, 1))];
                    }
                )),
        ];

    private static void Close(double[] expected, float[] actual, double tolerance = 2e-3)
    {
        var difference = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
        Assert.True(difference / Math.Sqrt(expected.Sum(e => e * e)) < tolerance, $"relative difference {difference}");
    }

    // Central differences of f in float64 over every parameter: slow, and knows nothing of automatic differentiation.
    private static (double[] Output, double[] Loss, double[] Errors, double[] Norms) FiniteDifferences(
        ModelPicture picture,
        int replicate
    )
    {
        using var model = new TinyUnet(channelsLast: false);
        model.Network.to(float64);
        using var noGradient = no_grad();
        var parameters = model.Network.parameters().ToArray();
        var count = (int)parameters.Sum(p => p.numel());
        var (output, loss) = (new double[count], new double[count]);
        var timesteps = Options.TimestepGrid(1000);
        var (errors, norms) = (new double[timesteps.Length], new double[timesteps.Length]);
        for (var j = 0; j < timesteps.Length; j++)
        {
            var timestep = tensor(new long[] { timesteps[j] });
            var clean = tensor(picture.Read(), [1, 3, 8, 8]).to_type(float64);
            var noise = new NoiseSource(0)
                .Normal(new(NoisePurpose.Attribution, timesteps[j], replicate), model.PictureShape)
                .unsqueeze(0)
                .to_type(float64);
            var alphaBar = (double)((DiscreteDiffusion)model.Process).Schedule.AlphasCumprod[timesteps[j]];
            var noisy = Math.Sqrt(alphaBar) * clean + Math.Sqrt(1 - alphaBar) * noise;
            (double Mean, double Loss) Evaluate()
            {
                using var scope = NewDisposeScope();
                // The network's time embedding is float32; its double twin is built here.
                var prediction = Forward(model, noisy, timesteps[j]);
                return (prediction.mean().item<double>(), (prediction - noise).square().mean().item<double>());
            }

            errors[j] = Evaluate().Loss;
            var (gradientOutput, gradientLoss) = (new double[count], new double[count]);
            var at = 0;
            foreach (var parameter in parameters)
            {
                var flat = parameter.view(-1);
                for (var i = 0L; i < flat.numel(); i++, at++)
                {
                    const double Step = 1e-5;
                    flat[i] += Step;
                    var up = Evaluate();
                    flat[i] -= 2 * Step;
                    var down = Evaluate();
                    flat[i] += Step;
                    gradientOutput[at] = (up.Mean - down.Mean) / (2 * Step);
                    gradientLoss[at] = (up.Loss - down.Loss) / (2 * Step);
                }
            }

            norms[j] = AddUnit(gradientOutput, output, timesteps.Length);
            AddUnit(gradientLoss, loss, timesteps.Length);
        }

        return (output, loss, errors, norms);
    }

    private static double AddUnit(double[] gradient, double[] sum, int count)
    {
        var norm = Math.Sqrt(gradient.Sum(g => g * g));
        for (var i = 0; i < sum.Length; i++)
            sum[i] += gradient[i] / norm / count;
        return norm;
    }

    private static Tensor Forward(TinyUnet model, Tensor noisy, int timestep)
    {
        var parameters = model.Network.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        var time = timestep / 1000.0;
        var embedding = nn.functional.linear(
            tensor(new[] { time, time * time }).unsqueeze(0),
            parameters["_time.weight"],
            parameters["_time.bias"]
        );
        var hidden = nn.functional.conv2d(
            noisy,
            parameters["_first.weight"],
            parameters["_first.bias"],
            padding: [1, 1]
        );
        hidden = nn.functional.silu(hidden + embedding.unsqueeze(-1).unsqueeze(-1));
        return nn.functional.conv2d(hidden, parameters["_last.weight"], parameters["_last.bias"], padding: [1, 1]);
    }
}
