using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>The original names of a text encoder's modules.</summary>
internal static class TextEncoderNames
{
    private const string Model = "text_model";

    /// <summary>Those of transformers' library, of which older files leave the first word out.</summary>
    internal static OriginalNames OfClip(OriginalTextEncoder encoder)
    {
        var names = new OriginalNames(encoder.Prefix);
        if (!encoder.NamesItsModel)
        {
            names.Add($"{Model}.embeddings", "embeddings");
            names.Add($"{Model}.encoder", "encoder");
            names.Add($"{Model}.final_layer_norm", "final_layer_norm");
        }
        return names;
    }

    /// <summary>Those of OpenCLIP, which stores queries, keys and values as one.</summary>
    internal static OriginalNames OfOpenClip(OriginalTextEncoder encoder, ClipTextConfig config)
    {
        var names = new OriginalNames(encoder.Prefix);
        names.Add($"{Model}.embeddings.token_embedding", "token_embedding");
        names.AddTensor($"{Model}.embeddings.position_embedding.weight", "positional_embedding");
        names.Add($"{Model}.final_layer_norm", "ln_final");
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            var (module, original) = ($"{Model}.encoder.layers.{layer}", $"transformer.resblocks.{layer}");
            names.Add($"{module}.layer_norm1", $"{original}.ln_1");
            names.Add($"{module}.layer_norm2", $"{original}.ln_2");
            names.Add($"{module}.mlp.fc1", $"{original}.mlp.c_fc");
            names.Add($"{module}.mlp.fc2", $"{original}.mlp.c_proj");
            names.Add($"{module}.self_attn.out_proj", $"{original}.attn.out_proj");
            AddFused(names, $"{module}.self_attn", $"{original}.attn");
        }
        // A bare parameter is multiplied from the right; a layer's weight, as some tools write it, from the left.
        var projection = encoder.HasProjectionLayer ? TensorPart.Whole : TensorPart.Transposed;
        names.AddTensor("text_projection.weight", encoder.ProjectionName, projection);
        return names;
    }

    private static void AddFused(OriginalNames names, string module, string original)
    {
        foreach (
            var (layer, part) in new[]
            {
                ("q_proj", TensorPart.FirstThird),
                ("k_proj", TensorPart.SecondThird),
                ("v_proj", TensorPart.LastThird),
            }
        )
        {
            names.AddTensor($"{module}.{layer}.weight", $"{original}.in_proj_weight", part);
            names.AddTensor($"{module}.{layer}.bias", $"{original}.in_proj_bias", part);
        }
    }
}
