using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DasAudit.Clip;

/// <summary>Which input of an ONNX graph takes the pictures and which output is their embedding.</summary>
/// <param name="ExtraInputs">Those of a text tower in the same graph, on which pictures do not depend.</param>
internal sealed record EncoderSignature(ImageInput Image, IReadOnlyList<ExtraInput> ExtraInputs, string Output)
{
    /// <summary>The output that holds one row a token.</summary>
    public const string HiddenState = "last_hidden_state";

    /// <summary>
    /// Looks at names, types and ranks. The image input is the only one of floats or bytes of rank 4 with 3 channels.
    /// The output is <c>image_embeds</c>, else <c>pooler_output</c>, else the first of rank 2 that is neither of text
    /// nor class scores (logits), else <c>last_hidden_state</c>, whose first (class) token is taken.
    /// </summary>
    public static EncoderSignature Of(InferenceSession session, string name)
    {
        var images = session
            .InputMetadata.Select(input => ImageInput.Of(input.Key, input.Value))
            .OfType<ImageInput>()
            .ToList();
        if (images.Count != 1)
            throw NoImage(session, name);
        var image = images[0];
        var extraInputs = session.InputMetadata.Where(input => input.Key != image.Name);
        return new EncoderSignature(
            image,
            [.. extraInputs.Select(input => Extra(input.Key, input.Value, session, name))],
            OutputOf(session.OutputMetadata) ?? throw NoEmbedding(session, name)
        );
    }

    /// <summary>The error that says which outputs there are.</summary>
    public static AuditException NoEmbedding(InferenceSession session, string name, string? problem = null)
    {
        var outputs = session.OutputMetadata;
        var comparesTexts = outputs.Count > 0 && outputs.Keys.All(IsOfTextOrClasses) && HasTexts(session);
        problem ??= comparesTexts ? "it only compares pictures with texts" : null;
        var why = problem is null ? "" : $" ({problem})";
        return new(
            $"'{name}' gives no embedding{why}: its outputs are {Describe(outputs)}; "
                + "export the image tower with image_embeds [N, D]."
        );
    }

    private static AuditException NoImage(InferenceSession session, string name)
    {
        var inputs = Describe(session.InputMetadata);
        var isOfText = session.InputMetadata.Count > 0 && session.InputMetadata.Values.All(IsInteger);
        return new(
            isOfText
                ? $"'{name}' is an encoder of texts: it has no single image input (its inputs are {inputs}); "
                    + "give the image encoder that belongs to it, such as vision_model.onnx."
                : $"'{name}' has no single image input [N, 3, H, W] or [N, H, W, 3] of floats or bytes "
                    + $"(its inputs are {inputs}); give an image encoder."
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

    private static bool HasTexts(InferenceSession session) => session.InputMetadata.Values.Any(IsInteger);

    private static ExtraInput Extra(string input, NodeMetadata metadata, InferenceSession session, string name)
    {
        if (!IsInteger(metadata) || metadata.Dimensions.Length != 2)
            throw new AuditException(
                $"'{name}' needs the input '{input}' besides pictures "
                    + $"(its inputs are {Describe(session.InputMetadata)}); export the image tower alone."
            );
        var isWide = metadata.ElementDataType == TensorElementType.Int64;
        long[] shape = [.. metadata.Dimensions.Select(dimension => dimension > 0 ? dimension : 1L)];
        return new ExtraInput(input, isWide, shape, input.Contains("mask", StringComparison.Ordinal) ? 1 : 0);
    }

    private static bool IsInteger(NodeMetadata node) =>
        node is { IsTensor: true, ElementDataType: TensorElementType.Int64 or TensorElementType.Int32 };

    private static bool IsFloat(NodeMetadata node) =>
        node is { IsTensor: true, ElementDataType: TensorElementType.Float or TensorElementType.Float16 };

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => $"{node.Key} {Describe(node.Value)}"));

    /// <summary>Type and shape, such as <c>Float [batch, 3, 224, 224]</c>.</summary>
    public static string Describe(NodeMetadata node)
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
