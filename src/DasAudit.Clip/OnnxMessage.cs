namespace DasAudit.Clip;

/// <summary>The messages of an ONNX file that tensors stand in; see onnx.proto and onnx-ml.proto.</summary>
internal enum OnnxMessage
{
    Model,
    TrainingInfo,
    Function,
    Graph,
    Node,
    Attribute,
    SparseTensor,
    Tensor,

    /// <summary>A key and a value of a tensor's external data.</summary>
    Entry,
}
