using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>Gradients times a dense random matrix, made anew for each call, block by block, for all of them.</summary>
/// <remarks>
/// Sums go over the coordinates of a block in float32, each product and addition rounded once, and over blocks in
/// double, both in ascending order: neither vector width nor the other gradients can change a bit. Benchmark:
/// <c>projections</c>, kinds <c>rademacher</c> and <c>gaussian</c>.
/// </remarks>
internal static unsafe class DenseProduct
{
    private const int Side = IMatrixEntries.Side;

    /// <summary>Pᵀg/√k of each gradient g of length p, P being p × k.</summary>
    public static float[][] Of(IMatrixEntries entries, int dimension, IReadOnlyList<float[]> gradients)
    {
        var length = gradients.Count == 0 ? 0 : gradients[0].Length;
        // Rows are taken in fours, but for a single one; what is missing is zeros.
        var rows = gradients.Count < 2 ? gradients.Count : Units.RoundUp(gradients.Count, DenseKernel.Rows);
        var columns = Units.RoundUp(dimension, Side);
        var sums = new double[gradients.Count][];
        for (var row = 0; row < sums.Length; row++)
            sums[row] = new double[columns];

        using var memory = new AlignedMemory<float>(Side * (Side + 2 * rows), zeroed: true);
        var block = memory.Start;
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
