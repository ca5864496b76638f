namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>What the models that LoRAs are made for are called, and how they are told apart.</summary>
internal static class BaseKinds
{
    internal static string Title(this BaseKind kind) =>
        kind switch
        {
            BaseKind.StableDiffusion1 => "Stable Diffusion 1.x",
            BaseKind.StableDiffusion2 => "Stable Diffusion 2.x",
            _ => "SDXL",
        };

    /// <summary>The published model whose text embeddings have a width; null if there is none.</summary>
    internal static BaseKind? OfTextWidth(long width) =>
        width switch
        {
            768 => BaseKind.StableDiffusion1,
            1024 => BaseKind.StableDiffusion2,
            2048 => BaseKind.StableDiffusionXl,
            _ => null,
        };

    /// <summary>A width of text embeddings, with the published model that has it.</summary>
    internal static string Describe(long textWidth) =>
        OfTextWidth(textWidth) is { } kind ? $"{textWidth} ({kind.Title()})" : $"{textWidth}";
}
