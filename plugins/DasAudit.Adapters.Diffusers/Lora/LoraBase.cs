using TorchSharp.Modules;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The model that LoRAs are applied to.</summary>
/// <param name="Components">Its networks, the U-Net first.</param>
/// <param name="PredictsVelocity">Whether it predicts velocity, not noise.</param>
internal sealed record LoraBase(IReadOnlyList<LoraComponent> Components, bool PredictsVelocity)
{
    private static readonly string[] TextProjections = [".attn2.to_k", ".attn2.to_v"];

    private readonly IReadOnlyDictionary<string, LoraLayers> _layers = Components.ToDictionary(
        component => component.Name,
        component => LoraLayers.Of(component.Network)
    );

    internal LoraLayers Layers(LoraComponent component) => _layers[component.Name];

    /// <summary>Whether it has SDXL's embedding of picture sizes.</summary>
    internal bool IsXl => _layers[LoraComponent.Unet].Find("add_embedding.linear_1") is not null;

    /// <summary>Width of the text embeddings that its U-Net takes; null if it takes none.</summary>
    internal long? TextWidth =>
        _layers[LoraComponent.Unet]
            .Names.Where(IsTextProjection)
            .Select(name => ((Linear)_layers[LoraComponent.Unet].Find(name)!).in_features)
            .Cast<long?>()
            .FirstOrDefault();

    /// <summary>The published model that it is like; null if nothing says which.</summary>
    internal BaseKind? Kind =>
        IsXl ? BaseKind.StableDiffusionXl
        : TextWidth is { } width ? BaseKinds.OfTextWidth(width)
        : null;

    internal string Title => Kind?.Title() ?? "Stable Diffusion 1.x or 2.x";

    private static bool IsTextProjection(string module) =>
        Array.Exists(TextProjections, ending => module.EndsWith(ending, StringComparison.Ordinal));
}
