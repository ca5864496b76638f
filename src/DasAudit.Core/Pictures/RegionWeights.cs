using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DasAudit.Core.Pictures;

/// <summary>
/// How much of each cell of a grid over a model's picture a region covers, 0 … 1. The grid is the picture's pixels or
/// the latents' places, each of which stands for an equal rectangle of the picture.
/// </summary>
internal sealed class RegionWeights
{
    private RegionWeights(float[] values, int height, int width)
    {
        (Values, Height, Width) = (values, height, width);
        Span<byte> size = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, height);
        BinaryPrimitives.WriteInt32LittleEndian(size[sizeof(int)..], width);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData([.. size, .. MemoryMarshal.AsBytes(values.AsSpan())]));
    }

    /// <summary>Height × width values, row-major; one at least is above 0 and one below 1.</summary>
    public float[] Values { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Over the size and the values.</summary>
    public string Sha256 { get; }

    /// <summary>
    /// The share of each cell that a region covers, by area; null where it covers all of all of them.
    /// </summary>
    /// <param name="shape">Of the model's pictures.</param>
    /// <param name="mode">How pictures become one of that shape.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <exception cref="AuditException">The model does not see any of the region.</exception>
    public static RegionWeights? Of(PictureRegion region, ImageShape shape, ResizeMode mode, int height, int width)
    {
        var frame = ModelFrame.Of(region.Width, region.Height, shape, mode);
        var columns = GridCells.Of(region.Width, frame.Width, frame.Window.Left - frame.Left, shape.Width, width);
        var rows = GridCells.Of(region.Height, frame.Height, frame.Window.Top - frame.Top, shape.Height, height);
        var values = new float[height * width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                values[y * width + x] = (float)Share(region, columns.Parts(x), rows.Parts(y), columns.Size * rows.Size);
        }

        if (values.All(value => value == 0))
            throw new AuditException(
                "The model does not see any of the region: pictures are cropped at the centre to the model's "
                    + $"{shape.Width}×{shape.Height}; choose a region nearer to the middle."
            );
        return values.All(value => value == 1) ? null : new(values, height, width);
    }

    /// <summary>Multiplies values, channel first, by the roots of the weights, so that products are weighed.</summary>
    public void ScaleByRoots(float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= MathF.Sqrt(Values[i % Values.Length]);
    }

    private static double Share(
        PictureRegion region,
        IReadOnlyList<(long Pixel, long Length)> columns,
        IReadOnlyList<(long Pixel, long Length)> rows,
        long area
    )
    {
        // Whole numbers, so that a cell that is covered wholly has a share of exactly 1.
        var covered = 0L;
        foreach (var (y, height) in rows)
        {
            foreach (var (x, width) in columns)
            {
                if (region[x, y])
                    covered += height * width;
            }
        }

        return (double)covered / area;
    }
}
