using System.Runtime.InteropServices;
using DasAudit.Core.Features;
using MathNet.Numerics.LinearAlgebra;

namespace DasAudit.Testing;

/// <summary>Features in memory, in blocks of given sizes, the last size repeated.</summary>
internal sealed class MemoryBlocks(Half[][]? halves, float[][] rows, float[] scales, params int[] sizes)
    : IFeatureBlocks
{
    public int Count => rows.Length;

    public int Dimension => rows[0].Length;

    public bool Half => halves is not null;

    public int Blocks => Enumerable.Range(0, Count + 1).First(block => FirstRow(block) == Count);

    /// <summary>Φ as it is stored.</summary>
    public Matrix<double> Stored =>
        Matrix<double>.Build.Dense(
            Count,
            Dimension,
            (i, j) => halves is null ? rows[i][j] : (double)halves[i][j] * scales[i]
        );

    public static MemoryBlocks Of(Matrix<double> features, bool half, params int[] sizes)
    {
        float[][] rows = [.. features.EnumerateRows().Select(row => row.Select(value => (float)value).ToArray())];
        float[] scales = [.. rows.Select((_, i) => half ? MathF.ScaleB(1, i % 5 - 7) : 1)];
        return new(
            half ? [.. rows.Select((row, i) => row.Select(value => (Half)(value / scales[i])).ToArray())] : null,
            rows,
            scales,
            sizes
        );
    }

    public int FirstRow(int block) =>
        Math.Min(Count, Enumerable.Range(0, block).Sum(b => sizes[Math.Min(b, sizes.Length - 1)]));

    public void Read(int block, Span<byte> values, Span<float> rowScales)
    {
        var bytes = Dimension * (Half ? 2 : 4);
        var first = FirstRow(block);
        Assert.Equal((FirstRow(block + 1) - first) * bytes, values.Length);
        Assert.Equal(FirstRow(block + 1) - first, rowScales.Length);
        for (var i = 0; i < rowScales.Length; i++)
        {
            var row = halves is null
                ? MemoryMarshal.AsBytes(rows[first + i].AsSpan())
                : MemoryMarshal.AsBytes(halves[first + i].AsSpan());
            row.CopyTo(values[(i * bytes)..]);
            rowScales[i] = scales[first + i];
        }
    }
}
