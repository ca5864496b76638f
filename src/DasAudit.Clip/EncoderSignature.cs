using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DasAudit.Clip;

/// <summary>Which input of an ONNX graph takes the pictures and which output is their embedding.</summary>
/// <param name="Image">Name of the input [N, 3, H, W].</param>
/// <param name="Batch">N if the graph fixes it; so with H and W.</param>
/// <param name="ExtraInputs">Those of a text tower in the same graph, on which pictures do not depend.</param>
internal sealed record EncoderSignature(
    string Image,
    bool HalfPrecision,
    int? Batch,
    int? Height,
    int? Width,
    IReadOnlyList<ExtraInput> ExtraInputs,
    string Output
)
{
    /// <summary>The output that holds one row a token.</summary>
    public const string HiddenState = "last_hidden_state";

    /// <summary>
    /// Looks at names, types and ranks. The image input is the only float32 or float16 one of rank 4 with 3 channels.
    /// The output is <c>image_embeds</c>, else <c>pooler_output</c>, else the first of rank 2 that is neither of text
    /// nor class scores (logits), else <c>last_hidden_state</c>, whose first (class) token is taken.
    /// </summary>
    public static EncoderSignature Of(InferenceSession session, string name)
    {
        var images = session.InputMetadata.Where(input => IsImage(input.Value)).ToList();
        if (images.Count != 1)
            throw new AuditException(
                $"'{name}' has no single image input [N, 3, H, W] of floats "
                    + $"(its inputs are {Describe(session.InputMetadata)}); give an image encoder."
            );
        var (image, metadata) = images[0];
        var extraInputs = session.InputMetadata.Where(input => input.Key != image);
        return new EncoderSignature(
            image,
            metadata.ElementDataType == TensorElementType.Float16,
            FixedLength(metadata.Dimensions[0]),
            FixedLength(metadata.Dimensions[2]),
            FixedLength(metadata.Dimensions[3]),
            [.. extraInputs.Select(input => Extra(input.Key, input.Value, session, name))],
            OutputOf(session.OutputMetadata) ?? throw NoEmbedding(session, name)
        );
    }

    /// <summary>The error that says which outputs there are.</summary>
    public static AuditException NoEmbedding(InferenceSession session, string name, string? problem = null)
    {
        var why = problem is null ? "" : $" ({problem})";
        return new(
            $"'{name}' gives no embedding{why}: its outputs are {Describe(session.OutputMetadata)}; "
                + "export the image tower with image_embeds [N, D]."
        );
    }

    private static string? OutputOf(IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        foreach (var name in (string[])["image_embeds", "pooler_output"])
            if (outputs.TryGetValue(name, out var output) && IsFloat(output) && output.Dimensions.Length is 0 or 2)
                return name;
        foreach (var (name, output) in outputs)
            if (IsFloat(output) && output.Dimensions.Length == 2 && !IsOfTextOrClasses(name))
                return name;
        var hasHiddenState =
            outputs.TryGetValue(HiddenState, out var hidden) && IsFloat(hidden) && hidden.Dimensions.Length == 3;
        return hasHiddenState ? HiddenState : null;
    }

    private static bool IsOfTextOrClasses(string name) =>
        name.Contains("text", StringComparison.OrdinalIgnoreCase)
        || name.Contains("logit", StringComparison.OrdinalIgnoreCase);

    private static ExtraInput Extra(string input, NodeMetadata metadata, InferenceSession session, string name)
    {
        var isWide = metadata.IsTensor && metadata.ElementDataType == TensorElementType.Int64;
        var isInteger = isWide || (metadata.IsTensor && metadata.ElementDataType == TensorElementType.Int32);
        if (!isInteger || metadata.Dimensions.Length != 2)
            throw new AuditException(
                $"'{name}' needs the input '{input}' besides pictures "
                    + $"(its inputs are {Describe(session.InputMetadata)}); export the image tower alone."
            );
        long[] shape = [.. metadata.Dimensions.Select(dimension => (long)(FixedLength(dimension) ?? 1))];
        return new ExtraInput(input, isWide, shape, input.Contains("mask", StringComparison.Ordinal) ? 1 : 0);
    }

    private static int? FixedLength(int dimension) => dimension > 0 ? dimension : null;

    private static bool IsImage(NodeMetadata input) => IsFloat(input) && input.Dimensions is [_, 3 or < 0, _, _];

    private static bool IsFloat(NodeMetadata node) =>
        node is { IsTensor: true, ElementDataType: TensorElementType.Float or TensorElementType.Float16 };

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => $"{node.Key} {Describe(node.Value)}"));

    private static string Describe(NodeMetadata node)
    {
        if (!node.IsTensor)
            return $"({node.OnnxValueType})";
        var lengths = node.Dimensions.Zip(node.SymbolicDimensions, DescribeLength);
        return $"{node.ElementDataType} [{string.Join(", ", lengths)}]";
    }

    private static string DescribeLength(int length, string symbol)
    {
        if (length > 0)
            return $"{length}";
        return string.IsNullOrEmpty(symbol) ? "?" : symbol;
    }
}
