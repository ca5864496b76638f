using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Lora;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>What a latent model is made of.</summary>
/// <param name="Prompts">From prompts to embeddings.</param>
/// <param name="AttributedLoras">The LoRAs whose parameters are attributed; none for those of the U-Net.</param>
/// <param name="Writer">Writes what was trained; null where nothing can be.</param>
/// <param name="Files">Absolute paths of all files that decide the predictions.</param>
/// <param name="Assumptions">Sentences on what the checkpoint does not state.</param>
internal sealed record LatentParts(
    LatentNetworks Networks,
    PromptEncoder Prompts,
    ChosenSchedule Schedule,
    LatentSizes Sizes,
    IReadOnlyList<LoraAdapter> AttributedLoras,
    ITrainedWriter? Writer,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Assumptions
);
