using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Lora;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

public class NewLoraTests
{
    // sd-lora-tiny has 4 transformers, each with 8 projections of attention. Its files hold 50 matrices and 33 kernels.
    private const int Attention = 32;

    [Theory]
    [InlineData(LoraModules.Attention, false, Attention, 0)]
    [InlineData(LoraModules.Attention, true, Attention, 8)]
    [InlineData(LoraModules.Linear, false, 50, 0)]
    [InlineData(LoraModules.All, false, 83, 0)]
    public void The_layers_that_are_asked_for_get_one(LoraModules modules, bool text, int unetCount, int textCount)
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        var adapter = NewLoraLayers.Attach(networks.Base, new NewLora { Modules = modules, TextEncoders = text }, 0);

        var counts = adapter.Changes.CountBy(change => change.Place.Component).ToDictionary();
        Assert.Equal(unetCount, counts["unet"]);
        Assert.Equal(textCount, counts.GetValueOrDefault("text_encoder"));
        Assert.Equal(2 * unetCount, networks.Parameters("unet").Keys.Count(LoraNames.IsLora));
    }

    [Fact]
    public void At_first_it_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);

        NewLoraLayers.Attach(networks.Base, new NewLora { Modules = LoraModules.All, TextEncoders = true }, 0);

        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output"]), 0, 5e-5);
    }

    [Fact]
    public void A_is_uniform_within_one_over_the_root_of_the_fan_in_and_depends_on_the_seed_alone()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var first = Drawn(seed: 5);
        var same = Drawn(seed: 5);
        var another = Drawn(seed: 6);

        Assert.Equal(0, Golden.MaxAbs(first, same));
        Assert.NotEqual(0, Golden.MaxAbs(first, another));
        // 16 rows of a convolution of 32 channels with 3×3 kernels: ±1/√288, of variance bound²/3.
        var bound = 1 / Math.Sqrt(288);
        Assert.InRange(first.abs().max().item<float>(), 0.95 * bound, bound);
        Assert.InRange(first.square().mean().item<float>(), 0.95 * bound * bound / 3, 1.05 * bound * bound / 3);
    }

    [Fact]
    public void The_scale_is_alpha_over_the_rank()
    {
        using var scope = NewDisposeScope();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        var query = networks.Base.Layers(networks.Base.Components[0]).Find("mid_block.attentions.0.proj_in")!;
        using var input = ones(1, 64, 2, 2);
        var before = query.call(input);

        var adapter = NewLoraLayers.Attach(
            networks.Base,
            new NewLora
            {
                Rank = 8,
                Alpha = 2,
                Modules = LoraModules.All,
            },
            0
        );

        var factors = adapter.Changes.Single(change => change.Place.Layer == query).Factors;
        foreach (var factor in factors.All)
            factor.parameters().Single().detach().fill_(0.5);
        // A gives 64 · 0.5 in each of 8 rows, B half of their sum.
        var change = query.call(input) - before;
        Assert.InRange(change.min().item<float>(), 0.25 * 128 - 1e-3, 0.25 * 128 + 1e-3);
    }

    [Fact]
    public void Beside_others_it_has_a_name_of_its_own_and_none_of_their_layers()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        var loras = networks.Apply(new LoraFile(LoraOutputTests.Styled("peft")));

        var adapter = NewLoraLayers.Attach(networks.Base, new NewLora { Modules = LoraModules.Linear }, loras.Count);

        Assert.Equal("default_1", adapter.Name);
        Assert.Equal(50, adapter.Changes.Count);
        Assert.DoesNotContain(adapter.Changes, change => LoraNames.IsLora(change.Place.Module));
    }

    private static Tensor Drawn(long seed)
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        NewLoraLayers.Attach(
            networks.Base,
            new NewLora
            {
                Rank = 16,
                Modules = LoraModules.All,
                Seed = seed,
            },
            0
        );
        return networks.Parameters("unet")["down_blocks.0.resnets.0.conv1.lora_A.default.weight"].detach().clone();
    }
}
