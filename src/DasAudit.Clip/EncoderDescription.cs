namespace DasAudit.Clip;

/// <summary>What was recognised in an encoder.</summary>
/// <param name="Model">The ONNX model, absolute.</param>
/// <param name="Weights">Further files that the model refers to, absolute.</param>
/// <param name="Input">Name, type and shape of the input that takes pictures.</param>
/// <param name="Output">Name, type and shape of the output that is the embedding.</param>
/// <param name="Dimension">Length of an embedding.</param>
/// <param name="Preprocessing">How pictures are prepared, in one line.</param>
/// <param name="PreprocessingSource">What says so.</param>
public sealed record EncoderDescription(
    string Model,
    IReadOnlyList<string> Weights,
    string Input,
    string Output,
    int Dimension,
    string Preprocessing,
    string PreprocessingSource
);
