namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The models that LoRAs are made for.</summary>
internal enum BaseKind
{
    StableDiffusion1,
    StableDiffusion2,
    StableDiffusionXl,
}
