using DasAudit.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>Weights drawn afresh from a seed.</summary>
public class UntrainedTests
{
    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var scope = NewDisposeScope();
        using var first = Golden.Load(Goldens.PathOf("ddpm-celeba-like/class-cond"), untrainedSeed: 7);
        random.manual_seed(99);
        using var again = Golden.Load(Goldens.PathOf("ddpm-celeba-like/class-cond"), untrainedSeed: 7);
        using var other = Golden.Load(Goldens.PathOf("ddpm-celeba-like/class-cond"), untrainedSeed: -8);

        Assert.All(
            first.Network.parameters().Zip(again.Network.parameters()),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>())
        );
        Assert.Contains(
            first.Network.parameters().Zip(other.Network.parameters()),
            pair => !pair.First.equal(pair.Second).all().item<bool>()
        );
    }

    [Fact]
    public void Building_a_model_leaves_the_global_random_numbers_alone()
    {
        using var scope = NewDisposeScope();
        var before = random.get_rng_state();

        Golden.Load(Goldens.PathOf("ddpm-tiny"), untrainedSeed: 7).Dispose();
        Golden.Load(Goldens.PathOf("ddpm-tiny")).Dispose();

        Assert.True(before.equal(random.get_rng_state()).all().item<bool>());
    }

    [Fact]
    public void Every_layer_is_initialised_as_PyTorch_does_by_default()
    {
        using var scope = NewDisposeScope();
        using var model = Golden.Load(Goldens.PathOf("ddpm-celeba-like/class-cond"), untrainedSeed: 7);

        foreach (var (name, module) in model.Network.named_modules())
        {
            switch (module)
            {
                case Linear layer:
                    CheckUniform(name, layer.weight!, layer.bias!, layer.weight!.shape[1]);
                    break;
                case Conv2d layer:
                    CheckUniform(name, layer.weight!, layer.bias!, layer.weight!.shape[1..].Aggregate((a, b) => a * b));
                    break;
                case Embedding layer:
                    Assert.InRange(layer.weight!.std().item<float>(), 0.85, 1.15);
                    Assert.InRange(layer.weight!.mean().item<float>(), -0.2, 0.2);
                    break;
                case GroupNorm layer:
                    Assert.Equal(1, layer.weight!.min().item<float>());
                    Assert.Equal(1, layer.weight!.max().item<float>());
                    Assert.Equal(0, layer.bias!.abs().max().item<float>());
                    break;
            }
        }
    }

    [Fact]
    public void Only_the_configuration_is_needed()
    {
        using var folder = new TempFolder();
        folder.CopyOf(Goldens.PathOf("ddpm-tiny"));
        File.Delete(folder["unet/diffusion_pytorch_model.safetensors"]);

        using var model = Golden.Load(folder.Path, untrainedSeed: 0);

        Assert.DoesNotContain(model.Files, file => file.EndsWith(".safetensors", StringComparison.Ordinal));
        Assert.Throws<AuditException>(() => Golden.Load(folder.Path));
    }

    // Uniform in ±1/√fan_in: nothing outside, and spread as a uniform distribution is (standard deviation bound/√3).
    private static void CheckUniform(string name, Tensor weight, Tensor bias, long fanIn)
    {
        var bound = 1 / Math.Sqrt(fanIn);
        Assert.InRange(weight.abs().max().item<float>(), 0.8 * bound, bound * 1.000001);
        Assert.InRange(bias.abs().max().item<float>(), 0, bound * 1.000001);
        if (weight.NumberOfElements >= 500)
            Assert.InRange(weight.std().item<float>() / (bound / Math.Sqrt(3)), 0.9, 1.1);
        Assert.True(bias.abs().max().item<float>() > 0, name);
    }
}
