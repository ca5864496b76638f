using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.TextEncoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Layers;

public class UnfilledTests
{
    private static nn.Module<Tensor, Tensor>[] All =>
        [
            Unfilled.Linear(6, 4),
            Unfilled.Linear(6, 4, hasBias: false),
            Unfilled.Conv2d(3, 4, 3, stride: 2, padding: 1),
            Unfilled.Embedding(10, 4),
        ];

    [Fact]
    public void Parameters_are_ordinary_ones_of_the_layers_shapes()
    {
        using var scope = NewDisposeScope();
        long[][][] shapes =
        [
            [
                [4, 6],
                [4],
            ],
            [
                [4, 6],
            ],
            [
                [4, 3, 3, 3],
                [4],
            ],
            [
                [10, 4],
            ],
        ];

        foreach (var (layer, expected) in All.Zip(shapes))
        {
            var parameters = layer.named_parameters().ToList();
            Assert.Equal(expected, parameters.Select(entry => entry.parameter.shape));
            Assert.Equal(((string[])["weight", "bias"]).Take(expected.Length), parameters.Select(entry => entry.name));
            Assert.All(
                parameters,
                entry =>
                {
                    Assert.True(entry.parameter.is_leaf);
                    Assert.True(entry.parameter.requires_grad);
                    Assert.Equal(TorchSharp.DeviceType.CPU, entry.parameter.device_type);
                }
            );
        }
    }

    [Fact]
    public void They_compute_what_TorchSharps_own_layers_do_and_learn()
    {
        using var scope = NewDisposeScope();
        nn.Module<Tensor, Tensor>[] usual =
        [
            nn.Linear(6, 4),
            nn.Linear(6, 4, hasBias: false),
            nn.Conv2d(3, 4, 3, stride: 2, padding: 1),
            nn.Embedding(10, 4),
        ];
        Tensor[] inputs = [rand(2, 6), rand(2, 6), rand(2, 3, 8, 8), tensor(new long[] { 1, 9 })];

        foreach (var ((layer, other), input) in All.Zip(usual).Zip(inputs))
        {
            using (no_grad())
            {
                foreach (var ((_, parameter), (_, filled)) in layer.named_parameters().Zip(other.named_parameters()))
                    parameter.copy_(filled);
            }
            var output = layer.call(input);
            Assert.True(output.equal(other.call(input)).all().item<bool>());
            output.sum().backward();
            Assert.All(layer.parameters(), parameter => Assert.NotNull(parameter.grad));
        }
    }

    [Fact]
    public void Making_them_draws_nothing_and_their_parameters_outlive_the_scope()
    {
        using var before = random.get_rng_state();
        nn.Module<Tensor, Tensor>[] layers;
        using (NewDisposeScope())
            layers = All;

        using var after = random.get_rng_state();

        Assert.True(before.equal(after).all().item<bool>());
        Assert.All(layers.SelectMany(layer => layer.parameters()), parameter => Assert.False(parameter.IsInvalid));
        foreach (var layer in layers)
            layer.Dispose();
    }

    [Fact]
    public void Default_initialisation_fills_layer_norms_too()
    {
        using var scope = NewDisposeScope();
        var config = new ClipTextConfig
        {
            VocabSize = 8,
            HiddenSize = 4,
            IntermediateSize = 4,
            NumHiddenLayers = 1,
            NumAttentionHeads = 1,
            MaxPositionEmbeddings = 2,
        };
        using var network = new ClipTextModel(config);
        var norms = network.named_modules().Select(entry => entry.module).OfType<LayerNorm>().ToList();
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
                parameter.fill_(3);
        }

        DefaultInitialization.Apply(network, seed: 1);

        Assert.Equal(3, norms.Count);
        Assert.All(norms, norm => Assert.Equal([1, 1, 1, 1], norm.weight.data<float>().ToArray()));
        Assert.All(norms, norm => Assert.Equal([0, 0, 0, 0], norm.bias!.data<float>().ToArray()));
        Assert.All(network.parameters(), parameter => Assert.DoesNotContain(3, parameter.data<float>().ToArray()));
    }
}
