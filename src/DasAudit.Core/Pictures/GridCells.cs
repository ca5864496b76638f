namespace DasAudit.Core.Pictures;

/// <summary>
/// Which pixels of a line of a picture lie under each cell of a grid over what a model sees of it, by length. Lengths
/// are whole numbers of a unit that all boundaries are multiples of.
/// </summary>
internal sealed class GridCells
{
    private readonly (long Pixel, long Length)[][] _parts;

    private GridCells((long Pixel, long Length)[][] parts, long size) => (_parts, Size) = (parts, size);

    /// <summary>Length of a cell, the same for all.</summary>
    public long Size { get; }

    /// <summary>The pixels under a cell, with the length of each that is.</summary>
    public IReadOnlyList<(long Pixel, long Length)> Parts(int cell) => _parts[cell];

    /// <summary>Lays a grid over a line.</summary>
    /// <param name="pixels">Length of the line in the picture as given.</param>
    /// <param name="resized">Its length after resizing.</param>
    /// <param name="start">Where the model's part of the resized line begins; negative if before the line.</param>
    /// <param name="seen">Length of that part.</param>
    /// <param name="cells">Cells over it.</param>
    public static GridCells Of(int pixels, long resized, long start, int seen, int cells)
    {
        // A resized pixel measures pixels/resized given ones, and a cell seen/cells resized ones: in units of
        // 1/(resized·cells) of a given pixel, the cell c begins at (start·cells + c·seen)·pixels.
        var pixelSize = resized * cells;
        var cellSize = (long)seen * pixels;
        var parts = new (long, long)[cells][];
        for (var c = 0; c < cells; c++)
        {
            var from = start * cells * pixels + c * cellSize;
            // What lies beside the picture is no pixel of it.
            var end = Math.Min(from + cellSize, pixels * pixelSize);
            parts[c] = [.. Parts(Math.Max(from, 0), end, pixelSize)];
        }

        return new(parts, cellSize);
    }

    private static IEnumerable<(long Pixel, long Length)> Parts(long from, long to, long pixelSize)
    {
        while (from < to)
        {
            var pixel = from / pixelSize;
            var end = Math.Min(to, (pixel + 1) * pixelSize);
            yield return (pixel, end - from);
            from = end;
        }
    }
}
