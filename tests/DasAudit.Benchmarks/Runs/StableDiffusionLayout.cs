using System.Text.Json;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.SingleFile;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.Runs;

/// <summary>Stable Diffusion 1.5 with random weights: its sizes without its pictures.</summary>
internal static class StableDiffusionLayout
{
    /// <summary>Its networks: what a pipeline calls them, how they are built, and their configurations.</summary>
    public static readonly (string Name, string Stem, Func<JsonConfig, nn.Module> Build, object Config)[] Parts =
    [
        ("unet", WeightFile.Diffusers, json => new UNet2DConditionModel(UNet2DConditionConfig.Read(json)), Unet),
        ("vae", WeightFile.Diffusers, json => new AutoencoderKL(AutoencoderKLConfig.Read(json)), Vae),
        ("text_encoder", WeightFile.Transformers, json => new ClipTextModel(ClipTextConfig.Read(json, null)), Text),
    ];

    private static object Unet =>
        new
        {
            _class_name = "UNet2DConditionModel",
            block_out_channels = new[] { 320, 640, 1280, 1280 },
            down_block_types = (string[])[.. Enumerable.Repeat("CrossAttnDownBlock2D", 3), "DownBlock2D"],
            up_block_types = (string[])["UpBlock2D", .. Enumerable.Repeat("CrossAttnUpBlock2D", 3)],
            cross_attention_dim = 768,
            attention_head_dim = 8,
        };

    private static object Vae =>
        new
        {
            _class_name = "AutoencoderKL",
            block_out_channels = new[] { 128, 256, 512, 512 },
            down_block_types = Enumerable.Repeat("DownEncoderBlock2D", 4),
            up_block_types = Enumerable.Repeat("UpDecoderBlock2D", 4),
            layers_per_block = 2,
        };

    private static object Text =>
        new
        {
            architectures = new[] { "CLIPTextModel" },
            hidden_size = 768,
            intermediate_size = 3072,
            num_attention_heads = 12,
        };

    /// <summary>Writes all of it into one file of the original layout, in float16, to try commands with.</summary>
    public static void WriteSingleFile(string path)
    {
        var networks = Parts.Select(part => Build(part.Build, part.Config)).ToList();
        var tensors = networks.Zip(Names()).SelectMany(named => Tensors(named.First, named.Second));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
        networks.ForEach(network => network.Dispose());
    }

    private static nn.Module Build(Func<JsonConfig, nn.Module> build, object config)
    {
        var network = build(JsonConfig.Parse("config.json", JsonSerializer.Serialize(config)));
        DefaultInitialization.Apply(network, seed: 1);
        return network;
    }

    private static IEnumerable<Func<string, string>> Names()
    {
        var unet = UnetNames.Of(UNet2DConditionConfig.Read(Json(Unet)));
        var vae = VaeNames.Of(AutoencoderKLConfig.Read(Json(Vae)));
        return [name => unet.Of(name).Name, name => vae.Of(name).Name, name => "cond_stage_model.transformer." + name];
    }

    private static JsonConfig Json(object config) => JsonConfig.Parse("config.json", JsonSerializer.Serialize(config));

    private static IEnumerable<(string, Tensor)> Tensors(nn.Module network, Func<string, string> name) =>
        network.named_parameters().Select(named => (name(named.name), named.parameter.detach().to(ScalarType.Float16)));
}
