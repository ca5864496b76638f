using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DasAudit.Core.Numerics;

namespace DasAudit.Core.Projections;

/// <summary>
/// Pᵀg with a dense random matrix that is made anew, block by block, for each call, and shared by the gradients of the call. Entries are
/// divided by √k: E‖Pᵀg‖² = ‖g‖². Sums go over 64 coordinates in float32, each product and addition rounded once, and over those blocks in
/// double, both in ascending order: neither vector width nor the other gradients can change a bit.
/// </summary>
/// <param name="entries">The matrix times √k.</param>
/// <param name="dimension">k.</param>
internal sealed unsafe class DenseProjection(IMatrixEntries entries, int dimension) : IProjection
{
    private const int Side = IMatrixEntries.Side;
    private const int LineBytes = 64;

    public int Dimension => dimension;

    public float[][] Project(IReadOnlyList<float[]> gradients)
    {
        var length = gradients.Count == 0 ? 0 : gradients[0].Length;
        if (gradients.Any(gradient => gradient.Length != length))
            throw new ArgumentException("Not all of one length.", nameof(gradients));

        // Rows are taken in fours, but for a single one; what is missing is zeros.
        var rows =
            gradients.Count < 2
                ? gradients.Count
                : (gradients.Count + DenseKernel.Rows - 1) / DenseKernel.Rows * DenseKernel.Rows;
        var columns = (dimension + Side - 1) / Side * Side;
        var sums = new double[gradients.Count][];
        for (var row = 0; row < sums.Length; row++)
            sums[row] = new double[columns];

        // Aligned by hand: entries are written and read by whole cache lines.
        var memory = GC.AllocateArray<float>(Side * (Side + 2 * rows) + LineBytes / sizeof(float), pinned: true);
        var block = (float*)(((nint)Unsafe.AsPointer(ref memory[0]) + LineBytes - 1) & -LineBytes);
        var products = block + Side * Side;
        var packed = products + Side * rows;
        for (var coordinate = 0; coordinate < length; coordinate += Side)
        {
            Pack(gradients, coordinate, rows, packed);
            for (var column = 0; column < columns; column += Side)
            {
                entries.Fill(coordinate, column, block);
                DenseKernel.Multiply(packed, rows, block, products);
                for (var row = 0; row < sums.Length; row++)
                    Add(products + row * Side, sums[row], column);
            }
        }

        GC.KeepAlive(memory);
        var scale = 1 / Math.Sqrt(dimension);
        return Array.ConvertAll(sums, row => Array.ConvertAll(row[..dimension], sum => (float)(sum * scale)));
    }

    // One value of each row, then the next of each row.
    private static void Pack(IReadOnlyList<float[]> gradients, int coordinate, int rows, float* packed)
    {
        new Span<float>(packed, Side * rows).Clear();
        for (var row = 0; row < gradients.Count; row++)
        {
            var values = gradients[row].AsSpan(coordinate);
            for (var j = 0; j < Math.Min(Side, values.Length); j++)
                packed[j * rows + row] = values[j];
        }
    }

    private static void Add(float* products, double[] sums, int column)
    {
        fixed (double* sum = &sums[column])
        {
            for (var c = 0; c < Side; c += 8)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(products + c));
                (Vector256.Load(sum + c) + low).Store(sum + c);
                (Vector256.Load(sum + c + 4) + high).Store(sum + c + 4);
            }
        }
    }
}
