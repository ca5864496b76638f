using System.Text.Json.Nodes;
using DasAudit.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Latent;

/// <summary>Pipelines whose parts do not belong together, or that cannot be built.</summary>
public sealed class LatentFitTests : IDisposable
{
    private const string Encoder = "text_encoder/config.json";

    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_tokenizer_that_makes_more_tokens_than_its_encoder_takes_is_refused()
    {
        Copy("sd-lora-tiny");
        Set(Encoder, "max_position_embeddings", 76);

        Assert.Equal(
            $"'{_folder[Encoder]}' sets max_position_embeddings to 76, but its tokenizer fills prompts up to 77 "
                + "tokens; check that the parts belong together.",
            Refusal()
        );
    }

    [Theory]
    [InlineData(634, "0 to 634")]
    [InlineData(-1, "-1 to 633")]
    public void A_token_that_its_encoder_does_not_know_is_refused(int id, string range)
    {
        Copy("sd-lora-tiny");
        Set("tokenizer/vocab.json", "new</w>", id);

        Assert.Equal(
            $"'{_folder[Encoder]}' sets vocab_size to 634, but the tokens of its tokenizer have the numbers {range}; "
                + "check that the parts belong together.",
            Refusal()
        );
    }

    [Fact]
    public void Tokenizers_of_SDXL_that_make_different_numbers_of_tokens_are_refused()
    {
        Copy("sdxl-tiny");
        Set("tokenizer_2/tokenizer_config.json", "model_max_length", 50);

        Assert.Equal(
            $"The tokenizer for '{_folder[Encoder]}' fills prompts up to 77 tokens, and that for "
                + $"'{_folder["text_encoder_2/config.json"]}' up to 50, where SDXL needs as many; check that the parts "
                + "belong together.",
            Refusal()
        );
    }

    /// <summary>Some 500 TB.</summary>
    [Fact]
    public void A_network_that_does_not_fit_into_memory_is_refused()
    {
        Copy("sd-lora-tiny");
        Set("unet/config.json", "cross_attention_dim", 1 << 16);
        Set(Encoder, "hidden_size", 1 << 16);
        Set(Encoder, "intermediate_size", 1 << 20);
        Set(Encoder, "num_hidden_layers", 1000);

        Assert.Equal(
            $"The network that '{_folder[Encoder]}' describes does not fit into memory; check the sizes that it "
                + "states.",
            Refusal()
        );
    }

    [Fact]
    public void A_LoRA_of_another_model_is_refused_before_weights_are_read()
    {
        Copy("sd-lora-tiny");
        foreach (var file in Directory.GetFiles(_folder.Path, "*.safetensors", SearchOption.AllDirectories))
            File.WriteAllText(file, "no weights");

        var lora = GoldenFiles.PathOf("kohya-lora/sdxl/kohya.safetensors");

        Assert.StartsWith($"'{lora}' ", Refusal(lora), StringComparison.Ordinal);
        Assert.StartsWith($"'{_folder.Path}", Refusal(), StringComparison.Ordinal);
    }

    private void Copy(string golden) => _folder.CopyOf(GoldenFiles.PathOf(golden));

    private void Set(string file, string key, int value)
    {
        var json = JsonNode.Parse(File.ReadAllText(_folder[file]))!;
        json[key] = value;
        _folder.Write(file, json.ToJsonString());
    }

    private string Refusal(params string[] loras)
    {
        var options = new ModelLoadOptions { Loras = [.. loras.Select(path => new LoraFile(path))] };
        return Assert
            .Throws<AuditException>(() => new DiffusersAdapter().Load(_folder.Path, CPU, options).Dispose())
            .Message;
    }
}
