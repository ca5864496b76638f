namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>A LoRA as it is applied to a model.</summary>
/// <param name="Name">Its name among the model's LoRAs, which its parameters' names contain.</param>
/// <param name="Files">Absolute paths of all files that it was read from; none for a new one.</param>
/// <param name="Notes">Sentences on what was assumed or passed over.</param>
internal sealed record LoraAdapter(
    string Name,
    IReadOnlyList<LoraChange> Changes,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Notes
);
