using DasAudit.Abstractions;
using DasAudit.Core.Curvature;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Gradients;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Core.Tests.Curvature;

/// <summary>Gradients formed of a and δ, against automatic differentiation.</summary>
public class KroneckerTapsTests
{
    private const int Rows = 3;

    private static readonly Dictionary<
        string,
        Func<(Layer Layer, ImageShape Shape, Func<Tensor, Tensor> Before)>
    > Cases = new()
    {
        ["linear on one position"] = () => (nn.Linear(12, 7), new(3, 2, 2), x => x.flatten(1)),
        ["linear on many positions"] = () => (nn.Linear(4, 7), new(3, 5, 4), x => x),
        ["linear without bias"] = () => (nn.Linear(4, 7, hasBias: false), new(3, 5, 4), x => x),
        ["conv 3×3"] = () => (nn.Conv2d(5, 7, 3, padding: 1), new(5, 9, 8), x => x),
        ["conv 5×3 strided, dilated, odd padding"] = () =>
            (nn.Conv2d(4, 6, (5, 3), (2, 3), (3, 1), (2, 1)), new(4, 13, 11), x => x),
        ["conv grouped"] = () => (nn.Conv2d(6, 9, 3, padding: 1, groups: 3), new(6, 7, 7), x => x),
        ["conv padded to the same size"] = () => (nn.Conv2d(3, 4, (4, 3), Padding.Same), new(3, 8, 8), x => x),
        ["conv padded by reflection"] = () =>
            (nn.Conv2d(3, 4, 3, padding: 2, padding_mode: PaddingModes.Reflect), new(3, 8, 6), x => x),
        ["conv padded in a circle"] = () =>
            (nn.Conv2d(3, 4, (3, 3), padding: (2, 1), padding_mode: PaddingModes.Circular), new(3, 6, 8), x => x),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_formed_of_inputs_and_outputs_are_those_of_autograd(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var (layer, shape, before) = Cases[name]();
        ConvolutionLayout.UseChannelsLast(layer);
        // Twice, with the output changed in place, so that calls add up and no copy is missing.
        Tensor Twice(Tensor x) => nn.functional.silu(layer.call(before(x)).mul_(2)) + layer.call(before(x * x)).sin_();
        using var model = new FunctionModel(layer, shape, (noisy, _, _) => Twice(noisy));
        using var taps = new KroneckerTaps(model, null);
        var noisy = randn([Rows, shape.Channels, shape.Height, shape.Width], generator: generator);
        var outputs = Twice(noisy).shape;
        var directions = randn(outputs, generator: generator);
        Tensor? formed = null;
        taps.Run(
            Batch(noisy),
            directions,
            (l, columns, deltas) =>
                formed = taps.Layers[l].Gradients(columns, deltas).MoveToOuterDisposeScope().MoveToOuterDisposeScope()
        );

        for (var b = 0; b < Rows; b++)
        {
            using var gradients = enable_grad();
            var parameters = layer.parameters().Select(parameter => (Tensor)parameter).ToList();
            parameters.ForEach(parameter => parameter.requires_grad_(true));
            var own = autograd.grad(
                [(Twice(noisy.narrow(0, b, 1).requires_grad_(true)) * directions.narrow(0, b, 1)).sum()],
                parameters,
                allow_unused: true
            );
            var expected = cat([.. own.Select(gradient => gradient.reshape(gradient.shape[0], -1))], 1);
            Assert.Equal(expected.shape, formed![b].shape);
            Assert.True((expected - formed[b]).norm().item<float>() < 1e-4 * expected.norm().item<float>());
        }
    }

    [Fact]
    public void A_layer_called_past_its_hook_is_noticed()
    {
        using var scope = NewDisposeScope();
        using var model = new TinyUnet(bypassHooks: true);
        using var taps = new KroneckerTaps(model, null);
        var error = Assert.Throws<AuditException>(() => taps.Check(Batch(randn(2, 3, 8, 8)), randn(2, 3, 8, 8)));
        Assert.Contains("cannot follow the layer _last", error.Message);
        using var without = new KroneckerTaps(model, "!_last");
        without.Check(Batch(randn(2, 3, 8, 8)), randn(2, 3, 8, 8));
    }

    [Fact]
    public void A_layer_that_nothing_depends_on_is_passed_over()
    {
        using var scope = NewDisposeScope();
        var used = nn.Linear(4, 4);
        var network = nn.Sequential(("used", used), ("idle", nn.Linear(4, 4)));
        using var model = new FunctionModel(
            network,
            new(1, 2, 2),
            (noisy, _, _) => used.call(noisy.flatten(1)).view_as(noisy)
        );
        using var taps = new KroneckerTaps(model, null);
        taps.Check(Batch(randn(2, 1, 2, 2)), randn(2, 1, 2, 2));
        var seen = new List<string>();
        taps.Run(Batch(randn(2, 1, 2, 2)), randn(2, 1, 2, 2), (l, _, _) => seen.Add(taps.Layers[l].Name));
        Assert.Equal(["used"], seen);
    }

    [Fact]
    public void A_network_without_linear_and_convolution_layers_is_refused()
    {
        using var model = new LinearModel();
        Assert.Contains("--parameters", Assert.Throws<AuditException>(() => new KroneckerTaps(model, null)).Message);
    }

    private static NoisyBatch Batch(Tensor noisy) =>
        new(
            "noise",
            noisy,
            zeros_like(noisy),
            full([noisy.shape[0]], 500, dtype: int64),
            null,
            [.. Enumerable.Range(0, (int)noisy.shape[0]).Select(r => new Pass(500, r))]
        );
}
