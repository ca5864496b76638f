namespace DasAudit.Core.Pictures;

/// <summary>
/// Changes the size of 8-bit pictures as Pillow does (<c>src/libImaging/Resample.c</c>, and <c>ImagingScaleAffine</c> for nearest), bit for
/// bit: the filter is widened by the scale when shrinking (antialiasing), its weights are normalised and rounded to 22 fractional bits, and
/// the horizontal pass is rounded to 8 bits before the vertical one.
/// </summary>
public static class Resampler
{
    /// <summary>Resizes a picture.</summary>
    /// <param name="pixels">Width × height × channels bytes, row-major, channels interleaved.</param>
    /// <param name="channels">Bytes a pixel.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="newWidth">Columns wanted, at least 1.</param>
    /// <param name="newHeight">Rows wanted, at least 1.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>New width × new height × channels bytes.</returns>
    public static byte[] Resize(
        byte[] pixels,
        int channels,
        int width,
        int height,
        int newWidth,
        int newHeight,
        ResampleFilter filter
    ) =>
        Resize(pixels, channels, width, height, newWidth, newHeight, filter, new CropWindow(0, 0, newWidth, newHeight));

    /// <summary>Resizes a picture and crops it; only what the window shows is computed.</summary>
    /// <param name="pixels">Width × height × channels bytes, row-major, channels interleaved.</param>
    /// <param name="channels">Bytes a pixel.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="newWidth">Columns of the resized picture, at least 1.</param>
    /// <param name="newHeight">Rows of the resized picture, at least 1.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="window">The wanted part of the resized picture; lies within it and is not empty.</param>
    /// <returns>Window width × window height × channels bytes.</returns>
    public static byte[] Resize(
        byte[] pixels,
        int channels,
        int width,
        int height,
        long newWidth,
        long newHeight,
        ResampleFilter filter,
        CropWindow window
    )
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(newWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newHeight, 1);
        if (width < 1 || height < 1 || (long)width * height * channels != pixels.Length)
            throw new ArgumentException(
                $"{width}×{height}×{channels} pixels do not fill {pixels.Length} bytes.",
                nameof(pixels)
            );
        if (!window.LiesWithin(newWidth, newHeight))
            throw new ArgumentOutOfRangeException(
                nameof(window),
                window,
                $"The window does not lie within {newWidth}×{newHeight}."
            );

        // An axis that keeps its size is only cropped, which is nearest with step 1.
        if (filter == ResampleFilter.Nearest || (newWidth == width && newHeight == height))
            return Nearest(
                pixels,
                channels,
                width,
                Indices(width, newWidth, window.Left, window.Width),
                Indices(height, newHeight, window.Top, window.Height)
            );
        if (newHeight == height)
            return Horizontal(
                pixels,
                channels,
                width,
                (int)window.Top,
                window.Height,
                new(width, newWidth, window.Left, window.Width, filter)
            );
        var rows = new ResampleWeights(height, newHeight, window.Top, window.Height, filter);
        var squeezed =
            newWidth == width
                ? Nearest(
                    pixels,
                    channels,
                    width,
                    Indices(width, width, window.Left, window.Width),
                    Indices(height, height, rows.First, rows.End - rows.First)
                )
                : Horizontal(
                    pixels,
                    channels,
                    width,
                    rows.First,
                    rows.End - rows.First,
                    new(width, newWidth, window.Left, window.Width, filter)
                );
        return Vertical(squeezed, channels * window.Width, window.Height, rows);
    }

    private static byte[] Horizontal(
        byte[] pixels,
        int channels,
        int width,
        int top,
        int height,
        ResampleWeights columns
    )
    {
        var newWidth = columns.Count;
        var result = new byte[checked(newWidth * height * channels)];
        for (int y = 0, at = 0; y < height; y++)
        {
            var row = pixels.AsSpan((top + y) * width * channels, width * channels);
            for (var x = 0; x < newWidth; x++)
            {
                var weights = columns.Of(x, out var first);
                for (var c = 0; c < channels; c++)
                {
                    var sum = 1 << (ResampleWeights.PrecisionBits - 1);
                    for (int i = 0, p = first * channels + c; i < weights.Length; i++, p += channels)
                        sum += row[p] * weights[i];
                    result[at++] = Clip(sum);
                }
            }
        }

        return result;
    }

    private static byte[] Vertical(byte[] pixels, int stride, int newHeight, ResampleWeights rows)
    {
        var result = new byte[checked(newHeight * stride)];
        var sums = new int[stride];
        for (var y = 0; y < newHeight; y++)
        {
            var weights = rows.Of(y, out var first);
            Array.Fill(sums, 1 << (ResampleWeights.PrecisionBits - 1));
            for (var i = 0; i < weights.Length; i++)
            {
                var row = pixels.AsSpan((first - rows.First + i) * stride, stride);
                for (var x = 0; x < row.Length; x++)
                    sums[x] += row[x] * weights[i];
            }

            for (var x = 0; x < stride; x++)
                result[y * stride + x] = Clip(sums[x]);
        }

        return result;
    }

    private static byte[] Nearest(byte[] pixels, int channels, int width, int[] columns, int[] rows)
    {
        var result = new byte[checked(columns.Length * rows.Length * channels)];
        var at = 0;
        foreach (var y in rows)
        {
            foreach (var x in columns)
            {
                pixels.AsSpan((y * width + x) * channels, channels).CopyTo(result.AsSpan(at));
                at += channels;
            }
        }

        return result;
    }

    private static int[] Indices(int size, long newSize, long start, int count)
    {
        // Pillow adds the step up instead of multiplying; the rounding errors of that decide ties.
        var step = (double)size / newSize;
        var at = step * 0.5;
        var indices = new int[count];
        for (var i = 0L; i < start + count; i++, at += step)
            if (i >= start)
                indices[i - start] = Math.Min((int)at, size - 1);
        return indices;
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.PrecisionBits, 0, 255);
}
