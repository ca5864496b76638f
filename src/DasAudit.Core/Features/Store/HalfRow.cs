using System.Numerics.Tensors;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// A row as float16 times a power of two. The power puts the largest magnitude into [2¹⁴, 2¹⁵), so multiplying by it is
/// exact, and a value changes by at most 2⁻¹¹ of itself, or by 2⁻³⁹ of the row's largest if that is more. A row read
/// back and written again stays as it is. Magnitudes go up to 2¹²⁷.
/// </summary>
internal static class HalfRow
{
    private const int TopExponent = 14;
    private const int SmallestExponent = -149;

    /// <summary>The power of two for a row of finite values; 0 for a row of zeros.</summary>
    public static float Scale(ReadOnlySpan<float> row)
    {
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(row));
        return largest == 0 ? 0 : MathF.ScaleB(1, Math.Max(SmallestExponent, MathF.ILogB(largest) - TopExponent));
    }

    /// <summary>The values divided by the scale and rounded; all three spans have one length.</summary>
    public static void Round(ReadOnlySpan<float> row, Span<float> scratch, Span<Half> half)
    {
        if (Scale(row) is > 0 and var scale)
        {
            TensorPrimitives.Divide(row, scale, scratch);
            TensorPrimitives.ConvertToHalf(scratch, half);
        }
        else
            half.Clear();
    }

    public static void Restore(ReadOnlySpan<Half> half, float scale, Span<float> row)
    {
        TensorPrimitives.ConvertToSingle(half, row);
        TensorPrimitives.Multiply(row, scale, row);
    }
}
