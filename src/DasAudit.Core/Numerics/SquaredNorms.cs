using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Numerics;

/// <summary>Sums of squares in double: float32 sums over millions of values lose four digits.</summary>
/// <remarks>Benchmark: <c>gradients</c>.</remarks>
internal static class SquaredNorms
{
    private const int Block = 1024;

    /// <summary>‖x‖² in double, blocks of it in float32.</summary>
    public static double Of(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (; values.Length > Block; values = values[Block..])
            sum += TensorPrimitives.SumOfSquares(values[..Block]);
        return sum + TensorPrimitives.SumOfSquares(values);
    }

    /// <summary>‖x_b‖² of each b of a contiguous float32 tensor [B, …].</summary>
    public static unsafe double[] OfRows(Tensor values)
    {
        var rows = (int)values.shape[0];
        if (values.device_type != DeviceType.CPU)
        {
            using var scope = NewDisposeScope();
            return [.. values.view(rows, -1).square().sum([1L], type: float64).cpu().data<double>()];
        }

        var start = NativeFloats.Pointer(values);
        var length = (int)(values.numel() / rows);
        var norms = new double[rows];
        for (var b = 0; b < rows; b++)
            norms[b] = Of(NativeFloats.Row(start, b, length));
        return norms;
    }
}
