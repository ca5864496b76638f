using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Benchmarks.TinyStableDiffusion;

/// <summary>
/// Makes the parts of the sample's tiny Stable Diffusion that no command of the tool trains: an autoencoder, trained on
/// pictures, and a text encoder with random weights. Both are stored as float16.
/// </summary>
internal static class TinyParts
{
    private const int Steps = 2500;
    private const int Seed = 0;
    private static readonly ImageShape Shape = new(3, 32, 32);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Fills a pipeline folder that holds configurations alone.</summary>
    /// <param name="pipeline">The folder.</param>
    /// <param name="pictures">The folder of pictures to train on.</param>
    public static void Make(string pipeline, string pictures)
    {
        TorchThreads.Use(1);
        MakeTextEncoder(Path.Combine(pipeline, "text_encoder"));
        MakeAutoencoder(Path.Combine(pipeline, "vae"), pictures);
    }

    private static void MakeTextEncoder(string folder)
    {
        const double PositionsToTokens = 0.25;
        using var encoder = new ClipTextModel(ClipTextConfig.Read(Config(folder), "CLIPTextModel"));
        DefaultInitialization.Apply(encoder, Seed);
        // What a token says must not drown in where it stands.
        using (no_grad())
            encoder.get_parameter("text_model.embeddings.position_embedding.weight")!.mul_(PositionsToTokens);
        Weights.Save(encoder, Path.Combine(folder, "model.safetensors"), halfPrecision: true);
    }

    private static void MakeAutoencoder(string folder, string pictures)
    {
        using var scope = NewDisposeScope();
        var json = Config(folder);
        using var network = new AutoencoderKL(AutoencoderKLConfig.Read(json));
        DefaultInitialization.Apply(network, Seed);
        foreach (var parameter in network.parameters())
            parameter.requires_grad_(true);
        var originals = Read(pictures);
        var started = DateTime.UtcNow;
        new AutoencoderTraining(network, originals, Steps).Run(
            (step, error) => Tell($"step {step} of {Steps}: error {error:F4}, {DateTime.UtcNow - started:mm\\:ss}")
        );
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters())
            parameter.copy_(parameter.to(ScalarType.Float16));
        var scaling = Math.Round(1 / network.Encode(originals).std().ToDouble(), 4);
        Tell($"scaling factor {scaling}, peak signal-to-noise ratio {SignalToNoise(network, originals):F1} dB");
        WriteScaling(json, scaling);
        Weights.Save(network, Path.Combine(folder, WeightFile.Plain), halfPrecision: true);
    }

    private static void WriteScaling(JsonConfig json, double scaling)
    {
        var settings = JsonNode.Parse(json.Text)!.AsObject();
        settings["scaling_factor"] = scaling;
        File.WriteAllText(json.Path, settings.ToJsonString(Indented) + "\n");
    }

    private static JsonConfig Config(string folder) => JsonConfig.Read(Path.Combine(folder, "config.json"));

    private static Tensor Read(string folder)
    {
        var set = TrainingSetLoader.Load(folder, new());
        float[] values = [.. set.Items.SelectMany(item => PictureTensor.ToValues(set.Read(item), Shape))];
        return tensor(values, [set.Items.Count, Shape.Channels, Shape.Height, Shape.Width]);
    }

    // Of values in −1..1, whose peak is 2.
    private static double SignalToNoise(AutoencoderKL network, Tensor pictures)
    {
        using var scope = NewDisposeScope();
        var decoded = network.Decode(network.Encode(pictures)).clamp(-1, 1);
        return 10 * Math.Log10(4 / (decoded - pictures).square().mean().ToDouble());
    }

    private static void Tell(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
