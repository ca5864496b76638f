namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>What a file of a LoRA holds for one layer of a model.</summary>
/// <param name="Scale">α/r; null if the file does not state α.</param>
internal sealed record StoredChange(LoraPlace Place, LoraTensors Tensors, double? Scale);
