namespace DasAudit.Core.Pictures;

/// <summary>
/// Changes the size of 8-bit pictures as Pillow does (<c>src/libImaging/Resample.c</c>, and <c>ImagingScaleAffine</c>
/// for nearest), bit for bit: the filter is widened by the scale when shrinking (antialiasing), its weights are
/// normalised and rounded to 22 fractional bits, and the horizontal pass is rounded to 8 bits before the vertical one.
/// </summary>
public static class Resampler
{
    /// <summary>Resizes a picture.</summary>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <returns>Width × height × channels bytes.</returns>
    public static byte[] Resize(Pixels pixels, int width, int height, ResampleFilter filter) =>
        Resize(pixels, width, height, filter, new CropWindow(0, 0, width, height));

    /// <summary>Resizes a picture and crops it; only what the window shows is computed.</summary>
    /// <param name="width">Columns of the resized picture, at least 1.</param>
    /// <param name="height">Rows of the resized picture, at least 1.</param>
    /// <param name="window">The part of the resized picture to compute; lies within it and is not empty.</param>
    /// <returns>Window width × window height × channels bytes.</returns>
    public static byte[] Resize(Pixels pixels, long width, long height, ResampleFilter filter, CropWindow window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (
            pixels.Width < 1
            || pixels.Height < 1
            || (long)pixels.Width * pixels.Height * pixels.Channels != pixels.Bytes.Length
        )
            throw new ArgumentException(
                $"{pixels.Width}×{pixels.Height}×{pixels.Channels} pixels do not fill {pixels.Bytes.Length} bytes.",
                nameof(pixels)
            );
        if (!window.LiesWithin(width, height))
            throw new ArgumentOutOfRangeException(
                nameof(window),
                window,
                $"The window does not lie within {width}×{height}."
            );

        // An axis that keeps its size is only cropped, which is nearest with step 1.
        var keepsWidth = width == pixels.Width;
        var keepsHeight = height == pixels.Height;
        if (filter == ResampleFilter.Nearest || (keepsWidth && keepsHeight))
            return Nearest(
                pixels,
                Indices(pixels.Width, width, window.Left, window.Width),
                Indices(pixels.Height, height, window.Top, window.Height)
            );
        var rows = keepsHeight ? null : new ResampleWeights(pixels.Height, height, window.Top, window.Height, filter);
        var top = rows?.First ?? (int)window.Top;
        var rowCount = rows is null ? window.Height : rows.End - rows.First;
        var narrowed = keepsWidth
            ? Nearest(
                pixels,
                Indices(pixels.Width, width, window.Left, window.Width),
                Indices(pixels.Height, pixels.Height, top, rowCount)
            )
            : Horizontal(
                pixels,
                new ResampleWeights(pixels.Width, width, window.Left, window.Width, filter),
                top,
                rowCount
            );
        return rows is null ? narrowed : Vertical(narrowed, pixels.Channels * window.Width, rows);
    }

    private static byte[] Horizontal(Pixels pixels, ResampleWeights columns, int top, int height)
    {
        var channels = pixels.Channels;
        var width = columns.Count;
        var result = new byte[checked(width * height * channels)];
        for (int y = 0, at = 0; y < height; y++)
        {
            var row = pixels.Row(top + y);
            for (var x = 0; x < width; x++)
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

    private static byte[] Vertical(byte[] bytes, int stride, ResampleWeights rows)
    {
        var result = new byte[checked(rows.Count * stride)];
        var sums = new int[stride];
        for (var y = 0; y < rows.Count; y++)
        {
            var weights = rows.Of(y, out var first);
            Array.Fill(sums, 1 << (ResampleWeights.PrecisionBits - 1));
            for (var i = 0; i < weights.Length; i++)
            {
                var row = bytes.AsSpan((first - rows.First + i) * stride, stride);
                for (var x = 0; x < row.Length; x++)
                    sums[x] += row[x] * weights[i];
            }

            for (var x = 0; x < stride; x++)
                result[y * stride + x] = Clip(sums[x]);
        }

        return result;
    }

    private static byte[] Nearest(Pixels pixels, int[] columns, int[] rows)
    {
        var channels = pixels.Channels;
        var result = new byte[checked(columns.Length * rows.Length * channels)];
        var at = 0;
        foreach (var y in rows)
        {
            var row = pixels.Row(y);
            foreach (var x in columns)
            {
                row.Slice(x * channels, channels).CopyTo(result.AsSpan(at));
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
