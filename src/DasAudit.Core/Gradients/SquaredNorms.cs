using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DasAudit.Core.Gradients;

/// <summary>Sums of squares that are right to the last places: float32 sums over millions of values lose four digits.</summary>
internal static class SquaredNorms
{
    private const int Block = 1024;

    /// <summary>‖x‖² in double, blocks of it in float32.</summary>
    public static double Of(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (; values.Length > Block; values = values[Block..]) sum += TensorPrimitives.SumOfSquares(values[..Block]);
        return sum + TensorPrimitives.SumOfSquares(values);
    }

    /// <summary>‖x_b‖² of each row of a contiguous float32 tensor [B, …].</summary>
    public static double[] OfRows(Tensor values)
    {
        var rows = new double[values.shape[0]];
        if (values.device_type != DeviceType.CPU || values.numel() * sizeof(float) > int.MaxValue)
        {
            using var scope = NewDisposeScope();
            var squares = values.view(rows.Length, -1).square().sum([1L], type: float64).cpu();
            MemoryMarshal.Cast<byte, double>(squares.bytes).CopyTo(rows);
            return rows;
        }

        var all = MemoryMarshal.Cast<byte, float>(values.bytes);
        var length = all.Length / rows.Length;
        for (var b = 0; b < rows.Length; b++) rows[b] = Of(all.Slice(b * length, length));
        return rows;
    }
}
