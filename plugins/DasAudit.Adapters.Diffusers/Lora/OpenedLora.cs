namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>A LoRA that fits a model; its values have not been read.</summary>
internal sealed record OpenedLora(LoraFile File, LoraSource Source, LoraReader Reader);
