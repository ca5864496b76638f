using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>
/// Which layer of its text encoders a model takes, as the original YAML says it. One that the family's models do not
/// take is refused: the U-Net would be told something else than in training.
/// </summary>
/// <param name="model">The parameters of the model.</param>
internal sealed class EmbedderSettings(JsonConfig model, OriginalFile file)
{
    private const string Layer = "layer";
    private const string Last = "last";
    private const string Penultimate = "penultimate";

    /// <summary>
    /// Whether the last layer's states are used; Stable Diffusion 2.x may leave that layer out. SDXL uses the states
    /// before it, as its networks know.
    /// </summary>
    internal bool UsesLastLayer()
    {
        if (file.IsXl)
            RefuseOtherLayersOfXl();
        else if (model.OptionalSection("cond_stage_config")?.OptionalSection("params") is { } embedder)
            return UsesLastLayer(embedder);
        return true;
    }

    private bool UsesLastLayer(JsonConfig embedder)
    {
        if (file.Family == OriginalFamily.StableDiffusion2)
            return embedder.OneOf(Layer, Last, Last, Penultimate) == Last;
        RefuseUnless(embedder, Last, "the text encoder of Stable Diffusion 1.x");
        return true;
    }

    private void RefuseOtherLayersOfXl()
    {
        var embedders = model.OptionalSection("conditioner_config")?.Section("params").Sections("emb_models") ?? [];
        foreach (var embedder in embedders)
        {
            var className = embedder.String("target", null)?.Split('.')[^1];
            if (className == "FrozenCLIPEmbedder")
                CheckFirst(embedder.OptionalSection("params"));
            else if (className is "FrozenOpenCLIPEmbedder" or "FrozenOpenCLIPEmbedder2")
                CheckSecond(embedder.OptionalSection("params"));
        }
    }

    private void CheckFirst(JsonConfig? embedder)
    {
        const string Index = "layer_idx";
        RefuseUnless(embedder, "hidden", "SDXL's first text encoder");
        // States are counted from those before the first layer, or, as a negative number, from the end.
        var penultimate = file.TextEncoders[0].LayerCount - 1;
        var index = embedder!.NullableInt(Index, null, -1000, 1000);
        if (index != penultimate && index != -2)
            throw embedder.Refuse(Index, index, $"which is not supported; supported is {penultimate}");
    }

    private void CheckSecond(JsonConfig? embedder)
    {
        const string Legacy = "legacy";
        RefuseUnless(embedder, Penultimate, "SDXL's second text encoder");
        // It would normalise the layer's states.
        if (embedder!.Bool(Legacy, false))
            throw embedder.Refuse(Legacy, true, "which is not supported; supported is false");
    }

    private void RefuseUnless(JsonConfig? embedder, string supported, string encoder)
    {
        // Where nothing is said, the original code takes the last.
        var layer = embedder?.String(Layer, Last) ?? Last;
        if (layer != supported)
            throw new AuditException(
                $"'{model.Path}' takes the layer \"{layer}\" of {encoder}, which is not supported; supported is "
                    + $"{supported}."
            );
    }
}
