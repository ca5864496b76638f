using System.Globalization;
using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Layers;
using DasAudit.Adapters.Diffusers.Lora;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Adapters.Diffusers.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Builds the networks of a latent model, fills them, and applies LoRAs.</summary>
internal sealed class LatentLoader(ILatentSource source, Device device, ModelLoadOptions options)
{
    private const int DefaultLatentSize = 64;
    private const int DefaultXlLatentSize = 128;

    /// <summary>The model, which the caller disposes.</summary>
    internal LatentDiffusionModel Load()
    {
        var unetConfig = UNet2DConditionConfig.Read(source.UnetConfig);
        var vaeConfig = AutoencoderKLConfig.Read(source.VaeConfig);
        var encoderConfigs = source.TextEncoders.Select(encoder => encoder.Read()).ToList();
        CheckFit(unetConfig, vaeConfig);
        CheckTextWidth(unetConfig, encoderConfigs);
        var assumptions = source.Assumptions.ToList();
        var sampleShape = SampleShape(unetConfig, vaeConfig, assumptions);
        using var noGradient = no_grad();
        var networks = new LatentNetworks(
            new UNet2DConditionModel(unetConfig),
            new AutoencoderKL(vaeConfig),
            [.. encoderConfigs.Select(config => new ClipTextModel(config))]
        );
        try
        {
            assumptions.AddRange(Fill(networks));
            var loras = ApplyLoras(networks);
            assumptions.AddRange(loras.SelectMany(lora => lora.Notes));
            var trained = options.NewLora is null ? null : loras[^1];
            return new(
                new(
                    networks,
                    new PromptEncoder(
                        networks.TextEncoders,
                        [.. source.TextEncoders.Select(encoder => new ClipTokenizer(encoder.Vocabulary))],
                        source.ForceZerosForEmptyPrompt
                    ),
                    source.Schedule,
                    sampleShape,
                    PictureShape(sampleShape, vaeConfig),
                    SideMultiple(unetConfig, vaeConfig),
                    trained is null ? loras : [trained],
                    trained is null ? source.Writer : new LoraTrainedWriter(trained),
                    [.. source.Files, .. loras.SelectMany(lora => lora.Files)],
                    assumptions
                )
            );
        }
        catch
        {
            networks.Dispose();
            throw;
        }
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

    private IReadOnlyList<LoraAdapter> ApplyLoras(LatentNetworks networks)
    {
        var components = networks.TextEncoders.Select(
            (encoder, index) =>
                new LoraComponent(index == 0 ? LoraComponent.TextEncoder : LoraComponent.TextEncoder2, encoder)
        );
        var isVelocity = source.Schedule.Config.PredictionType == PredictionType.Velocity;
        var model = new LoraBase([new(LoraComponent.Unet, networks.Unet), .. components], isVelocity);
        var loras = LoraLoader.Apply(model, options.Loras);
        return options.NewLora is { } settings ? [.. loras, NewLoraLayers.Attach(model, settings, loras.Count)] : loras;
    }

    private void CheckFit(UNet2DConditionConfig unet, AutoencoderKLConfig vae)
    {
        if (unet.InChannels != vae.LatentChannels)
            throw source.UnetConfig.Refuse(
                "in_channels",
                unet.InChannels,
                $"but the autoencoder's latents have {vae.LatentChannels} channels; models that take a mask or "
                    + "a picture besides, such as for inpainting, are not supported"
            );
        if (unet.OutChannels != unet.InChannels)
            throw source.UnetConfig.Refuse(
                "out_channels",
                unet.OutChannels,
                $"but in_channels to {unet.InChannels}; models that predict a variance as well are not supported"
            );
        if (unet.AdditionTimeEmbedDim is null && source.TextEncoders.Count > 1)
            throw Misfit("Stable Diffusion 1.x or 2.x", "are 2 text encoders");
        if (unet.AdditionTimeEmbedDim is not null && source.TextEncoders.Count == 1)
            throw Misfit("SDXL", "is 1 text encoder");
    }

    private AuditException Misfit(string kind, string encoders) =>
        new($"'{source.UnetConfig.Path}' describes a U-Net of {kind}, but there {encoders}; get the whole pipeline.");

    private void CheckTextWidth(UNet2DConditionConfig unet, List<ClipTextConfig> encoders)
    {
        var width = encoders.Sum(encoder => encoder.HiddenSize);
        if (unet.CrossAttentionDim.Any(dimension => dimension != width))
            throw source.UnetConfig.Refuse(
                "cross_attention_dim",
                unet.CrossAttentionDim.First(dimension => dimension != width),
                $"but the text embeddings have {width} values a token; check that the parts belong together"
            );
        if (unet.AdditionTimeEmbedDim is not { } timeWidth)
            return;
        var pooled = encoders[^1].ProjectionDim ?? encoders[^1].HiddenSize;
        if (pooled + 6 * timeWidth != unet.AdditionInputDim)
            throw source.UnetConfig.Refuse(
                "projection_class_embeddings_input_dim",
                unet.AdditionInputDim,
                $"but the pooled text embedding and six embedded numbers have {pooled + 6 * timeWidth}; check that the "
                    + "parts belong together"
            );
    }

    private ImageShape SampleShape(UNet2DConditionConfig unet, AutoencoderKLConfig vae, List<string> assumptions)
    {
        if (options.Resolution is { } resolution)
            return Latents(resolution, unet, vae);
        if (unet.SampleSize is { } size)
            return new(unet.InChannels, size.Height, size.Width);
        var assumed = unet.AdditionTimeEmbedDim is null ? DefaultLatentSize : DefaultXlLatentSize;
        var pixels = assumed * vae.DownsamplingFactor;
        assumptions.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"No file states the size of the pictures that the model was trained with; {pixels}×{pixels} "
                    + $"was assumed."
            )
        );
        return new(unet.InChannels, assumed, assumed);
    }

    private static ImageShape Latents(int resolution, UNet2DConditionConfig unet, AutoencoderKLConfig vae)
    {
        var multiple = SideMultiple(unet, vae);
        if (resolution % multiple != 0)
            throw new AuditException(
                $"{ModelLoadOptions.ResolutionName} {resolution} is no multiple of {multiple}, which the "
                    + "model's levels need; choose one that is."
            );
        var size = resolution / vae.DownsamplingFactor;
        return new(unet.InChannels, size, size);
    }

    // Every level of the U-Net but the last halves its picture.
    private static int SideMultiple(UNet2DConditionConfig unet, AutoencoderKLConfig vae) =>
        vae.DownsamplingFactor << (unet.Levels - 1);

    private static ImageShape PictureShape(ImageShape sample, AutoencoderKLConfig vae) =>
        new(vae.InChannels, sample.Height * vae.DownsamplingFactor, sample.Width * vae.DownsamplingFactor);
}
