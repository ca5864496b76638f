using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>
/// Networks of a pipeline with what the reference library computed from them. Their weights stand in folders of the
/// pipeline, or in one file whose tensors golden.json knows by their hashes. sd-lora-tiny's U-Net was split into two
/// shards, the bytes of its tensors unchanged.
/// </summary>
internal sealed class NetworkGolden : IDisposable
{
    internal const string StableDiffusion = "sd-lora-tiny";
    internal const string StableDiffusionXl = "sdxl-tiny";
    internal const string SingleFile = "single-file/sd15";

    private readonly JsonDocument _json;
    private readonly List<nn.Module> _networks = [];

    internal NetworkGolden(string name)
    {
        Folder = GoldenFiles.PathOf(name);
        File = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
        _json = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, "golden.json")));
    }

    internal string Folder { get; }

    internal SafetensorsFile File { get; }

    internal string[] Prompts =>
        [.. _json.RootElement.GetProperty("prompts").EnumerateArray().Select(p => p.GetString()!)];

    /// <summary>A tensor that the reference library computed or was given.</summary>
    internal Tensor this[string name] => File.Read(name);

    internal ClipTextModel TextEncoder(string part = "text_encoder") =>
        Load(part, json => new ClipTextModel(ClipTextConfig.Read(json, ClassOf(json))));

    internal AutoencoderKL Vae() => Load("vae", json => new AutoencoderKL(AutoencoderKLConfig.Read(json)));

    internal UNet2DConditionModel Unet(string part = "unet") =>
        Load(part, json => new UNet2DConditionModel(UNet2DConditionConfig.Read(json)));

    // The configuration beside the single file does not say; the pipelines' own do.
    private static string? ClassOf(JsonConfig json) => json.Find("architectures") is null ? "CLIPTextModel" : null;

    internal JsonConfig Config(string part)
    {
        var folder = Path.Combine(Folder, part);
        return JsonConfig.Read(
            Path.Combine(
                Directory.Exists(folder) ? folder : Path.Combine(Folder, "diffusers-config", part),
                "config.json"
            )
        );
    }

    /// <summary>What golden.json says of the parameters of a network, in the reference library's order.</summary>
    internal IReadOnlyList<JsonElement> Parameters(string part) =>
        [
            .. _json
                .RootElement.GetProperty("parameters")
                .EnumerateArray()
                .Where(item => !item.TryGetProperty("component", out var component) || component.GetString() == part),
        ];

    public void Dispose()
    {
        _networks.ForEach(network => network.Dispose());
        _json.Dispose();
        File.Dispose();
    }

    // As the host has it: evaluated, channels-last, and living as long as this.
    private T Load<T>(string part, Func<JsonConfig, T> build)
        where T : nn.Module
    {
        using var noGradients = no_grad();
        var network = build(Config(part));
        _networks.Add(network);
        var parameters = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (var parameter in parameters.Values)
            parameter.DetachFromDisposeScope();
        var folder = Path.Combine(Folder, part);
        var filled = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.safetensors").SelectMany(path => Fill(path, parameters)).ToList()
            : FillByHash(Directory.GetFiles(Folder, "*-tiny.safetensors").Single(), part, parameters);
        Assert.Equal(parameters.Keys.Order(), filled.Order());
        network.eval();
        ConvolutionLayout.UseChannelsLast(network);
        return network;
    }

    private static List<string> Fill(string path, Dictionary<string, Parameter> parameters)
    {
        using var file = SafetensorsFile.Open(path);
        // A buffer that old versions of transformers stored.
        var names = file.Names.Where(name => !name.EndsWith(".position_ids", StringComparison.Ordinal)).ToList();
        foreach (var name in names)
            file.CopyTo(name, parameters[name]);
        return names;
    }

    private List<string> FillByHash(string path, string part, Dictionary<string, Parameter> parameters)
    {
        using var file = SafetensorsFile.Open(path);
        var names = Parameters(part)
            .ToDictionary(
                item => item.GetProperty("sha256_16").GetString()!,
                item => item.GetProperty("name").GetString()!
            );
        var filled = new List<string>();
        foreach (var tensorName in file.Names)
        {
            using var tensor = file.Read(tensorName, ScalarType.Float32);
            if (!names.TryGetValue(Convert.ToHexStringLower(SHA256.HashData(tensor.bytes))[..16], out var name))
                continue;
            parameters[name].copy_(tensor.reshape(parameters[name].shape));
            filled.Add(name);
        }
        return filled;
    }
}
