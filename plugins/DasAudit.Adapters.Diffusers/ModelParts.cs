using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.Unet;

namespace DasAudit.Adapters.Diffusers;

/// <summary>What a model is beside its network.</summary>
/// <param name="Files">Absolute paths of all files that decide the predictions.</param>
/// <param name="Assumptions">Sentences on what the checkpoint does not state.</param>
internal sealed record ModelParts(
    UNet2DConfig Config,
    ChosenSchedule Schedule,
    CheckpointWriter Writer,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Assumptions
);
