namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>What is trained and shared like a LoRA but computes something else; told by names of tensors.</summary>
internal static class OtherAdapters
{
    private static readonly (string Part, string Title)[] Kinds =
    [
        ("hada_", "a LoHa (products of LoRAs)"),
        ("lokr_", "a LoKr (Kronecker products)"),
        ("dora_scale", "a DoRA (weights with a magnitude of their own)"),
        ("lora_magnitude_vector", "a DoRA (weights with a magnitude of their own)"),
        ("oft_", "an OFT (rotations of weights)"),
        ("boft_", "a BOFT (rotations of weights)"),
        ("vera_lambda_", "a VeRA (scales of shared random factors)"),
        ("ia3_", "an IA³ (scales of activations)"),
        ("on_input", "an IA³ (scales of activations)"),
        ("lora_embedding_", "a LoRA of embeddings"),
        ("diff", "whole differences of weights"),
        ("diff_b", "whole differences of biases"),
        ("w_norm", "whole differences of norms"),
        ("b_norm", "whole differences of norms"),
    ];

    /// <summary>Refuses a file that holds a tensor of another kind of adapter.</summary>
    internal static void Refuse(string path, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (Title(name) is { } title)
                throw new AuditException($"'{path}' holds {title} in '{name}', which is not supported; give a LoRA.");
        }
    }

    private static string? Title(string name)
    {
        var parts = name.Split('.').Skip(1).ToList();
        return Array
            .Find(
                Kinds,
                kind => parts.Exists(part => kind.Part[^1] == '_' ? part.StartsWith(kind.Part) : part == kind.Part)
            )
            .Title;
    }
}
