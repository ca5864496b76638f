namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>What a LoRA changes in one layer.</summary>
/// <param name="Scale">α/r, without the weight that the whole LoRA is applied with.</param>
internal sealed record LoraChange(LoraPlace Place, LoraFactors Factors, double Scale);
