using DasAudit.Abstractions;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Latent;

/// <summary>A pipeline of Stable Diffusion in other forms than the published one.</summary>
public sealed class LatentFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public LatentFolderTests() => _folder.CopyOf(GoldenFiles.PathOf("sd-lora-tiny"));

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Weights_that_are_given_as_the_model_are_loaded_and_not_those_beside_them()
    {
        var file = _folder["unet/diffusion_pytorch_model.non_ema.safetensors"];
        using (var plain = LatentModelTests.Load("sd-lora-tiny"))
            SafetensorsWriter.Write(
                file,
                plain.Network.named_parameters().Select(named => (named.name, named.parameter.contiguous() * 2))
            );

        using var folder = Load();
        using var given = Load(path: file);

        Assert.Contains(file, given.Files);
        Assert.DoesNotContain(_folder["unet/diffusion_pytorch_model.safetensors.index.json"], given.Files);
        var pairs = folder.Network.parameters().Zip(given.Network.parameters());
        Assert.All(pairs, pair => Assert.True((pair.First * 2).equal(pair.Second).all().item<bool>()));
    }

    private IDiffusionModel Load(ModelLoadOptions? options = null, string? path = null) =>
        new DiffusersAdapter().Load(path ?? _folder.Path, CPU, options ?? ModelLoadOptions.Trained);
}
