using System.Security.Cryptography;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.SingleFile;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

public class OriginalCheckpointTests
{
    private static readonly string Sd15 = GoldenFiles.PathOf("single-file/sd15/sd15-tiny.safetensors");
    private static readonly string Sd15Configuration = GoldenFiles.PathOf("single-file/sd15/diffusers-config");
    private static readonly string Sdxl = GoldenFiles.PathOf("single-file/sdxl/sdxl-tiny.safetensors");
    private static readonly string SdxlPipeline = GoldenFiles.PathOf("sdxl-tiny");

    [Fact]
    public void Every_tensor_is_that_of_the_reference_librarys_loader()
    {
        using var scope = NewDisposeScope();
        using var golden = new NetworkGolden(NetworkGolden.SingleFile);
        using var loaded = new LoadedFile(Sd15, Sd15Configuration);

        foreach (
            var (part, network) in new (string, nn.Module)[]
            {
                ("unet", loaded.Unet),
                ("vae", loaded.Vae),
                ("text_encoder", loaded.TextEncoders.Single()),
            }
        )
        {
            var expected = golden
                .Parameters(part)
                .Select(item => (item.GetProperty("name").GetString()!, item.GetProperty("sha256_16").GetString()!));
            Assert.Equal(expected, network.named_parameters().Select(entry => (entry.name, Hash(entry.parameter))));
        }
    }

    [Fact]
    public void Outputs_are_the_reference_librarys()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.SingleFile);
        using var loaded = new LoadedFile(Sd15, Sd15Configuration);
        using var encoding = loaded.TextEncoders[0].call(golden["text/input_ids"]);

        var output = loaded.Unet.call(golden["unet/sample"], golden["unet/timesteps"], encoding.LastHiddenState, null);
        var moments = loaded.Vae.Moments(golden["vae/image"]).chunk(2, 1);

        Assert.InRange(Golden.MaxAbs(encoding.LastHiddenState, golden["text/last_hidden_state"]), 0, 2e-5);
        Assert.InRange(Golden.MaxAbs(output, golden["unet/output_text"]), 0, 5e-5);
        Assert.InRange(Golden.MaxAbs(moments[0], golden["vae/mean"]), 0, 1e-4);
        Assert.InRange(Golden.MaxAbs(loaded.Vae.Decode(golden["vae/mean"] * 0.18215), golden["vae/decoded"]), 0, 2e-5);
    }

    /// <summary>Queries, keys and values in one tensor, a transposed projection, names of three kinds.</summary>
    [Fact]
    public void Sdxls_tensors_are_those_of_its_pipeline()
    {
        using var scope = NewDisposeScope();
        using var loaded = new LoadedFile(Sdxl, SdxlPipeline);

        Assert.Equal(OriginalFamily.StableDiffusionXl, loaded.Family);
        string[] parts = ["unet", "vae", "text_encoder", "text_encoder_2"];
        foreach (var (part, network) in parts.Zip(loaded.Networks))
        {
            var weights = Directory.GetFiles(Path.Combine(SdxlPipeline, part), "*.safetensors").Single();
            using var file = SafetensorsFile.Open(weights);
            foreach (var (name, parameter) in network.named_parameters())
                Assert.True(parameter.equal(file.Read(name, ScalarType.Float32)).all().item<bool>(), name);
        }
    }

    [Fact]
    public void Sdxls_output_is_the_reference_librarys()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);
        using var loaded = new LoadedFile(Sdxl, SdxlPipeline);
        using var first = loaded.TextEncoders[0].call(golden["text/input_ids"]);
        using var second = loaded.TextEncoders[1].call(golden["text/input_ids_2"]);

        var output = loaded.Unet.call(
            golden["unet/sample"],
            golden["unet/timesteps"],
            cat([first.Penultimate, second.Penultimate], -1),
            new AddedConditions(second.Pooled, golden["unet/time_ids"])
        );

        Assert.InRange(Golden.MaxAbs(output, golden["unet/output_text"]), 0, 5e-5);
    }

    [Fact]
    public void The_files_that_decide_are_listed_and_the_tokenizers_are_the_folders()
    {
        using var loaded = new LoadedFile(Sdxl, SdxlPipeline);

        string[] relative =
        [
            "unet/config.json",
            "vae/config.json",
            "text_encoder/config.json",
            "text_encoder_2/config.json",
            "scheduler/scheduler_config.json",
            "model_index.json",
            .. Tokenizer("tokenizer"),
            .. Tokenizer("tokenizer_2"),
        ];
        Assert.Equal([Sdxl, .. relative.Select(name => Path.Combine(SdxlPipeline, name))], loaded.Files);
        Assert.Null(loaded.Configuration.SchedulerNote);
        Assert.Equal(
            ["<|endoftext|>", "!"],
            loaded.Configuration.TextEncoders.Select(encoder => encoder.ReadVocabulary().PaddingToken)
        );

        static IEnumerable<string> Tokenizer(string name) =>
            ((string[])["vocab.json", "merges.txt", "special_tokens_map.json", "tokenizer_config.json"]).Select(file =>
                $"{name}/{file}"
            );
    }

    [Fact]
    public void Foreign_tensors_are_counted_and_named()
    {
        using var first = new LoadedFile(Sd15, Sd15Configuration);
        using var second = new LoadedFile(Sdxl, SdxlPipeline);

        Assert.Equal(
            [
                $"'{Sd15}' holds 7 tensors that no network of the model takes, ignored here: alphas_cumprod, "
                    + "alphas_cumprod_prev, betas, cond_stage_model.transformer.text_model.embeddings.position_ids, "
                    + "model_ema.*, sqrt_alphas_cumprod.",
            ],
            first.Notes
        );
        Assert.Equal(
            [
                $"'{Sdxl}' holds 3 tensors that no network of the model takes, ignored here: "
                    + "conditioner.embedders.0.transformer.text_model.embeddings.position_ids, "
                    + "conditioner.embedders.1.model.logit_scale, denoiser.sigmas.",
            ],
            second.Notes
        );
    }

    [Fact]
    public void A_file_is_recognised_by_its_names()
    {
        using var folder = new TempFolder();
        folder.Write("damaged.safetensors", "{}");
        folder.Write("described/damaged.safetensors", "{}");
        folder.Write("described/config.json", "{}");

        Assert.True(OriginalCheckpoint.Recognise(Sd15));
        Assert.True(OriginalCheckpoint.Recognise(Sdxl));
        Assert.True(OriginalCheckpoint.Recognise(folder["damaged.safetensors"]));
        Assert.False(OriginalCheckpoint.Recognise(folder["described/damaged.safetensors"]));
        Assert.False(
            OriginalCheckpoint.Recognise(Path.Combine(SdxlPipeline, "vae/diffusion_pytorch_model.safetensors"))
        );
        Assert.False(OriginalCheckpoint.Recognise(SdxlPipeline));
        Assert.False(OriginalCheckpoint.Recognise(folder["absent.safetensors"]));
    }

    private static string Hash(Tensor parameter) =>
        Convert.ToHexStringLower(SHA256.HashData(parameter.detach().contiguous().bytes))[..16];
}
