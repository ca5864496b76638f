using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Lora;
using DasAudit.Adapters.Diffusers.Vae;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>What a latent model is made of.</summary>
/// <param name="SampleShape">Of the latents that the U-Net denoises.</param>
/// <param name="Loras">Those that are attached to the networks.</param>
/// <param name="Writer">Writes what was trained; null where nothing can be.</param>
/// <param name="Files">Absolute paths of all files that decide the predictions.</param>
/// <param name="Assumptions">Sentences on what the checkpoint does not state.</param>
internal sealed record LatentParts(
    UNet2DConditionModel Unet,
    AutoencoderKL Vae,
    IReadOnlyList<TextEncoder> TextEncoders,
    bool ForceZerosForEmptyPrompt,
    ChosenSchedule Schedule,
    ImageShape SampleShape,
    ImageShape PictureShape,
    IReadOnlyList<LoraAdapter> Loras,
    ITrainedWriter? Writer,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Assumptions
);
