using DasAudit.Abstractions;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Gradients.Engines;
using DasAudit.Core.Models;
using DasAudit.Core.Projections;
using DasAudit.Core.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Gradients.Engines;

/// <summary>Networks that the fast way gets wrong or does not know: features must be right all the same.</summary>
public class SelfCheckTests
{
    private static readonly GradientOptions Options = new()
    {
        Timesteps = 3,
        Replicates = 2,
        Projection = new() { Kind = ProjectionKind.None },
    };

    [Fact]
    public void A_layer_called_twice_needs_no_slow_way() =>
        AssertRight(net => (x, _) => net.Conv.call(nn.functional.silu(net.Conv.call(x))), slowBecause: null);

    [Fact]
    public void A_layer_that_is_not_called_needs_no_slow_way() =>
        AssertRight(net => (x, _) => net.Conv.call(x), slowBecause: null);

    [Fact]
    public void A_layer_called_without_its_hook_is_found() =>
        AssertRight(net => (x, _) => net.Conv.call(net.Other.forward(x)), "_other.weight differs");

    [Fact]
    public void A_weight_used_as_a_bare_tensor_is_found() =>
        AssertRight(net => (x, _) => net.Conv.call(x) * (1 + net.Conv.weight!.square().mean()), "_conv.weight differs");

    [Fact]
    public void Rows_that_mix_are_found() =>
        AssertRight(
            net => (x, _) => net.Conv.call(x) - 0.5 * net.Conv.call(x).mean([0L], keepdim: true),
            "differs",
            compare: false
        );

    [Fact]
    public void An_output_that_is_overwritten_does_no_harm() =>
        AssertRight(
            net => (x, _) => net.Other.call(net.Conv.call(x).mul_(2)),
            slowBecause: "the hooks disturb the network"
        );

    [Fact]
    public void A_layer_called_without_a_batch_is_found() =>
        AssertRight(
            net => (x, _) => stack([.. x.unbind().Select(row => net.Conv.call(row))]),
            "_conv: a convolution is called without a batch"
        );

    [Fact]
    public void A_layer_called_row_by_row_is_found() =>
        AssertRight(net => (x, _) => cat([.. x.split(1).Select(row => net.Conv.call(row))]), "another number of rows");

    [Fact]
    public void Other_layers_for_other_inputs_are_taken_one_by_one() =>
        AssertRight(
            net => (x, _) => x.mean().item<float>() > 0.3 ? net.Other.call(x) : net.Conv.call(x),
            "other layers for other inputs",
            brightness: 0.9f
        );

    [Fact]
    public void A_module_with_parameters_of_its_own_is_named() =>
        AssertRight(
            net => (x, _) => net.Conv.call(x) * net.Gain,
            "the network: there is no rule for the parameters of Net",
            gain: true
        );

    [Fact]
    public void An_embedding_that_scales_its_gradients_is_named()
    {
        using var scaled = nn.Embedding(4, 2, scale_grad_by_freq: true);
        using var sparse = nn.Embedding(4, 2, sparse: true);
        foreach (var embedding in new[] { scaled, sparse })
        {
            using var network = nn.Sequential(("table", embedding));
            using var model = new FunctionModel(
                network,
                new(1, 1, 2),
                (noisy, _, _) => network.call(noisy.to_type(int64))
            );
            Assert.StartsWith(
                "table: an embedding",
                new GradientExtractor(new ModelPool(() => model).Rent(), Options).SlowBecause,
                StringComparison.Ordinal
            );
        }
    }

    private static void AssertRight(
        Func<Net, Func<Tensor, Tensor, Tensor>> forward,
        string? slowBecause,
        bool compare = true,
        float brightness = 0.1f,
        bool gain = false
    )
    {
        var picture = new ModelPicture("picture", () => Enumerable.Repeat(brightness, 2 * 6 * 6).ToArray());
        var engine = new FeatureEngine(new(Load), Options, 1);
        var features = engine.Compute([picture], null, CancellationToken.None)[0];

        if (slowBecause is null)
            Assert.Null(engine.SlowBecause);
        else
            Assert.Contains(slowBecause, engine.SlowBecause, StringComparison.Ordinal);
        if (!compare)
            return;

        using var scope = NewDisposeScope();
        using var model = Load();
        var parameters = AttributedParameters.Select(model, null);
        var batches = Options.Batches(model);
        for (var r = 0; r < 2; r++)
        {
            using var autograd = new AutogradGradients(model, parameters, GradientComparison.Functions);
            using var expected = autograd.Differentiate(
                batches.Create("picture", tensor(picture.Read(), [1, 2, 6, 6]), null, new(r, 1, 0, 3))
            );
            Close(Average(expected, 0), features.Output(r));
            Close(Average(expected, 1), features.Loss(r));
        }

        float[] Average(IBatchGradients gradients, int function)
        {
            var sum = new float[parameters.Count];
            gradients.AddWeightedSum(
                function,
                [.. gradients.Norms[function].Select(norm => (float)(1 / (3 * norm)))],
                sum
            );
            return sum;
        }

        IDiffusionModel Load()
        {
            var net = new Net(gain);
            var function = forward(net);
            return new FunctionModel(net, new(2, 6, 6), (noisy, timesteps, _) => function(noisy, timesteps));
        }
    }

    private static void Close(float[] expected, float[] actual)
    {
        var difference = Math.Sqrt(
            expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Sum() / expected.Sum(e => Math.Pow(e, 2))
        );
        Assert.True(difference < 1e-5, $"relative difference {difference}");
    }

    private sealed class Net : nn.Module
    {
        private readonly Conv2d _conv = nn.Conv2d(2, 2, 3, padding: 1);
        private readonly Conv2d _other = nn.Conv2d(2, 2, 3, padding: 1);
        private readonly Parameter? _gain;

        public Net(bool gain)
            : base("Net")
        {
            if (gain)
                _gain = new Parameter(full([1], 1.5f));
            RegisterComponents();
            using var noGradient = no_grad();
            using var generator = new Generator(5);
            foreach (var parameter in parameters())
                parameter.normal_(0, 0.3, generator);
            DasAudit.Core.Torch.ConvolutionLayout.UseChannelsLast(this);
        }

        public Conv2d Conv => _conv;

        public Conv2d Other => _other;

        public Parameter Gain => _gain!;
    }
}
