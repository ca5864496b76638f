using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DasAudit.Clip;

/// <summary>The input of an ONNX graph that takes pictures.</summary>
/// <param name="Type">Float, Float16 or UInt8.</param>
/// <param name="ChannelsLast">Whether it is [N, H, W, 3] rather than [N, 3, H, W].</param>
/// <param name="Batch">N if the graph fixes it; so with H and W.</param>
internal sealed record ImageInput(
    string Name,
    TensorElementType Type,
    bool ChannelsLast,
    int? Batch,
    int? Height,
    int? Width
)
{
    /// <summary>Whether it takes the bytes of pictures, so that whatever follows is in the graph.</summary>
    public bool TakesBytes => Type == TensorElementType.UInt8;

    /// <summary>The input as it is; null if it takes no pictures.</summary>
    public static ImageInput? Of(string name, NodeMetadata node)
    {
        var isOfPictures =
            node is
            {
                IsTensor: true,
                ElementDataType: TensorElementType.Float or TensorElementType.Float16 or TensorElementType.UInt8
            };
        if (!isOfPictures || node.Dimensions is not [var batch, var second, var third, var fourth])
            return null;
        var type = node.ElementDataType;
        if (second == 3 || (fourth != 3 && second < 0))
            return new(name, type, false, Fixed(batch), Fixed(third), Fixed(fourth));
        return fourth == 3 ? new(name, type, true, Fixed(batch), Fixed(second), Fixed(third)) : null;
    }

    /// <summary>Shape of a tensor of pictures.</summary>
    public long[] Shape(int count, int height, int width) =>
        ChannelsLast ? [count, height, width, 3] : [count, 3, height, width];

    private static int? Fixed(int dimension) => dimension > 0 ? dimension : null;
}
