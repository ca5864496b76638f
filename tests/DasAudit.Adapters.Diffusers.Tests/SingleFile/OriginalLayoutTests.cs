using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>Ways of writing the layout that other tools have.</summary>
public sealed class OriginalLayoutTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Rewritten _file = new();

    public void Dispose()
    {
        _file.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Older_names_of_the_text_encoder_lack_a_word()
    {
        _file.Rename("transformer.text_model.", "transformer.");

        AssertSame();
    }

    [Fact]
    public void Attention_of_the_autoencoder_may_be_stored_as_matrices()
    {
        foreach (var (name, stored) in _file.Tensors.ToList())
            if (name.Contains(".attn_1.", StringComparison.Ordinal) && stored.dim() == 4)
                _file.Tensors[name] = stored.squeeze(-1).squeeze(-1);

        AssertSame();
    }

    [Fact]
    public void A_projection_may_be_stored_as_the_weight_of_a_layer()
    {
        using var sdxl = new Rewritten("sdxl");
        const string Name = "conditioner.embedders.1.model.text_projection";
        sdxl.Tensors[$"{Name}.weight"] = sdxl.Tensors[Name].t().contiguous();
        sdxl.Tensors.Remove(Name);
        using var expected = new LoadedFile(
            GoldenFiles.PathOf("single-file/sdxl/sdxl-tiny.safetensors"),
            GoldenFiles.PathOf("sdxl-tiny")
        );

        using var loaded = sdxl.Load();

        AssertSame(expected, loaded);
    }

    [Fact]
    public void Of_weights_as_trained_and_their_average_the_former_are_taken_and_that_is_said()
    {
        foreach (var (name, stored) in _file.Tensors.ToList())
            if (name.StartsWith("model.diffusion_model.", StringComparison.Ordinal))
                _file.Tensors["model_ema." + name["model.".Length..].Replace(".", "")] = stored * 2;

        AssertSame(loaded =>
            Assert.Contains(
                $"'{_file.Path}' holds the U-Net's weights as trained and their moving average (model_ema.…); the "
                    + "weights as trained were taken, as the published tools do.",
                loaded.Notes
            )
        );
        _file.Tensors.Remove("model_ema.diffusion_modelout2weight");
        AssertSame(loaded => Assert.DoesNotContain(loaded.Notes, note => note.Contains("average")));
    }

    private void AssertSame(Action<LoadedFile>? check = null)
    {
        using var expected = new LoadedFile(
            GoldenFiles.PathOf("single-file/sd15/sd15-tiny.safetensors"),
            _file.Configuration
        );
        using var loaded = _file.Load();
        AssertSame(expected, loaded);
        check?.Invoke(loaded);
    }

    private static void AssertSame(LoadedFile expected, LoadedFile actual)
    {
        foreach (var (one, other) in expected.Networks.Zip(actual.Networks))
        foreach (var ((name, parameter), same) in one.named_parameters().Zip(other.parameters()))
            Assert.True(parameter.equal(same).all().item<bool>(), name);
    }
}
