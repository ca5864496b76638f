using DasAudit.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DasAudit.Clip;

/// <summary>Which input of an ONNX graph takes the pictures and which output is their embedding.</summary>
/// <param name="Image">Name of the input [N, 3, H, W].</param>
/// <param name="HalfPrecision">Whether it is float16.</param>
/// <param name="Batch">N if the graph fixes it.</param>
/// <param name="Height">H if the graph fixes it.</param>
/// <param name="Width">W if the graph fixes it.</param>
/// <param name="Others">Integer inputs that must be fed though pictures do not depend on them: those of a text tower in the same graph.</param>
/// <param name="Output">Name of the output.</param>
internal sealed record EncoderSignature(
    string Image,
    bool HalfPrecision,
    int? Batch,
    int? Height,
    int? Width,
    IReadOnlyList<ExtraInput> Others,
    string Output
)
{
    /// <summary>
    /// Looks at names, types and ranks. The image input is the only float32 or float16 one of rank 4 with 3 channels. The output is
    /// <c>image_embeds</c>, else <c>pooler_output</c>, else the first of rank 2 that is neither of text nor class scores (logits), else
    /// <c>last_hidden_state</c>, whose first (class) token is taken.
    /// </summary>
    /// <exception cref="AuditException">Nothing fits.</exception>
    public static EncoderSignature Of(InferenceSession session, string name)
    {
        var images = session
            .InputMetadata.Where(i => IsFloat(i.Value) && i.Value.Dimensions is [_, 3 or < 0, _, _])
            .ToList();
        if (images.Count != 1)
            throw new AuditException(
                $"'{name}' has no single image input [N, 3, H, W] of floats (its inputs are {Describe(session.InputMetadata)}); give an image encoder."
            );
        var (image, metadata) = (images[0].Key, images[0].Value);
        var others = session
            .InputMetadata.Where(i => i.Key != image)
            .Select(i => Other(i.Key, i.Value, session, name))
            .ToList();
        return new EncoderSignature(
            image,
            metadata.ElementDataType == TensorElementType.Float16,
            Fixed(metadata.Dimensions[0]),
            Fixed(metadata.Dimensions[2]),
            Fixed(metadata.Dimensions[3]),
            others,
            OutputOf(session.OutputMetadata) ?? throw NoEmbedding(session, name)
        );
    }

    /// <summary>The error that says which outputs there are.</summary>
    public static AuditException NoEmbedding(InferenceSession session, string name, string? why = null) =>
        new(
            $"'{name}' gives no embedding{(why is null ? "" : $" ({why})")}: its outputs are {Describe(session.OutputMetadata)}; export the image tower with image_embeds [N, D]."
        );

    private static string? OutputOf(IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        foreach (var wanted in (string[])["image_embeds", "pooler_output"])
            if (outputs.TryGetValue(wanted, out var named) && IsFloat(named) && named.Dimensions.Length is 0 or 2)
                return wanted;
        foreach (var (name, output) in outputs)
            if (IsFloat(output) && output.Dimensions.Length == 2 && !IsOther(name))
                return name;
        return
            outputs.TryGetValue("last_hidden_state", out var hidden) && IsFloat(hidden) && hidden.Dimensions.Length == 3
            ? "last_hidden_state"
            : null;
    }

    private static bool IsOther(string name) =>
        name.Contains("text", StringComparison.OrdinalIgnoreCase)
        || name.Contains("logit", StringComparison.OrdinalIgnoreCase);

    private static ExtraInput Other(string input, NodeMetadata metadata, InferenceSession session, string name)
    {
        if (
            metadata is
            {
                IsTensor: true,
                ElementDataType: TensorElementType.Int64 or TensorElementType.Int32,
                Dimensions.Length: 2
            }
        )
            return new ExtraInput(
                input,
                metadata.ElementDataType == TensorElementType.Int64,
                [.. metadata.Dimensions.Select(d => (long)(Fixed(d) ?? 1))],
                input.Contains("mask", StringComparison.Ordinal) ? 1 : 0
            );
        throw new AuditException(
            $"'{name}' needs the input '{input}' besides pictures (its inputs are {Describe(session.InputMetadata)}); export the image tower alone."
        );
    }

    private static int? Fixed(int dimension) => dimension > 0 ? dimension : null;

    private static bool IsFloat(NodeMetadata node) =>
        node is { IsTensor: true, ElementDataType: TensorElementType.Float or TensorElementType.Float16 };

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(
            ", ",
            nodes.Select(n =>
                n.Value.IsTensor
                    ? $"{n.Key} {n.Value.ElementDataType} [{string.Join(", ", n.Value.Dimensions.Select((d, i) => d > 0 ? $"{d}" : n.Value.SymbolicDimensions[i] is { Length: > 0 } s ? s : "?"))}]"
                    : $"{n.Key} ({n.Value.OnnxValueType})"
            )
        );
}

/// <summary>An input that is fed one constant row.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Wide">Whether it is int64 rather than int32.</param>
/// <param name="Shape">One token unless the graph fixes more.</param>
/// <param name="Value">Every value: 1 for masks, token 0 otherwise.</param>
internal sealed record ExtraInput(string Name, bool Wide, long[] Shape, int Value);
