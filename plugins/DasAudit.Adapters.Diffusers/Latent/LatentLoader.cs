using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Lora;
using DasAudit.Adapters.Diffusers.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>
/// Builds the networks of a latent model, fills them, and applies LoRAs. What headers and configurations let refuse is
/// refused before gigabytes of weights are read.
/// </summary>
internal sealed class LatentLoader(ILatentSource source, Device device, ModelLoadOptions options)
{
    /// <summary>The model, which the caller disposes.</summary>
    internal LatentDiffusionModel Load()
    {
        var configs = LatentConfigs.Read(source);
        new LatentFit(source, configs).Check();
        var sizes = LatentSizes.Of(configs, options.Resolution);
        var tokenizers = source.TextEncoders.Select(encoder => new ClipTokenizer(encoder.Vocabulary)).ToList();
        using var noGradient = no_grad();
        var networks = LatentNetworks.Build(source, configs);
        try
        {
            var loraBase = LoraBaseOf(networks);
            using var files = LoraLoader.Open(loraBase, options.Loras);
            var weightNotes = Fill(networks);
            var loras = files.Apply();
            var trained = options.NewLora is { } newLora ? NewLoraLayers.Attach(loraBase, newLora, loras.Count) : null;
            var parts = new LatentParts(
                networks,
                new(networks.TextEncoders, tokenizers, source.ForceZerosForEmptyPrompt),
                source.Schedule,
                sizes,
                AttributedLoras: trained is null ? loras : [trained],
                Writer: trained is null ? source.Writer : new LoraTrainedWriter(trained),
                Files: [.. source.Files, .. loras.SelectMany(lora => lora.Files)],
                Assumptions: Notes(sizes, weightNotes, loras)
            );
            return new(parts);
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    private LoraBase LoraBaseOf(LatentNetworks networks)
    {
        string[] names = [LoraComponent.TextEncoder, LoraComponent.TextEncoder2];
        var encoders = networks.TextEncoders.Zip(names, (encoder, name) => new LoraComponent(name, encoder));
        var isVelocity = source.Schedule.Config.PredictionType == PredictionType.Velocity;
        return new([new(LoraComponent.Unet, networks.Unet), .. encoders], isVelocity);
    }

    private IReadOnlyList<string> Fill(LatentNetworks networks)
    {
        var notes = source.Fill(networks, withUnet: options.UntrainedSeed is null);
        if (options.UntrainedSeed is { } seed)
            DefaultInitialization.Apply(networks.Unet, seed);
        foreach (var network in networks.All)
        {
            network.to(device);
            network.eval();
            // Some of TorchSharp's layers leave their parameters to the scope they were made in; a model outlives it.
            foreach (var parameter in network.parameters())
                parameter.DetachFromDisposeScope();
        }
        ChannelsLast.Use(networks.Vae);
        // Neither is ever differentiated but through the layers of a LoRA.
        foreach (var parameter in networks.All.Skip(1).SelectMany(network => network.parameters()))
            parameter.requires_grad_(false);
        return notes;
    }

    private IReadOnlyList<string> Notes(
        LatentSizes sizes,
        IReadOnlyList<string> weightNotes,
        IReadOnlyList<LoraAdapter> loras
    ) =>
        [
            .. source.Assumptions,
            .. sizes.Note is { } note ? [note] : Array.Empty<string>(),
            .. weightNotes,
            .. loras.SelectMany(lora => lora.Notes),
        ];
}
