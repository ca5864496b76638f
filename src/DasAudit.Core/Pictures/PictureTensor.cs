namespace DasAudit.Core.Pictures;

/// <summary>
/// Pictures as a model sees them: channel-first float32 in [−1, 1]. Other sizes are resized as diffusers training
/// scripts do on Pillow images (<c>Resize(size, BILINEAR)</c>, then <c>CenterCrop</c>): by an antialiased bilinear
/// filter until it just covers the shape, then cropped at the centre. One channel is grey by ITU-R BT.601 in 16-bit
/// fixed point, (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow's <c>convert("L")</c>. <see cref="ResizeMode"/>
/// has other ways.
/// </summary>
internal static class PictureTensor
{
    /// <summary>C × H × W values, channel first; one or three channels.</summary>
    /// <param name="mode">What becomes of another size.</param>
    public static float[] ToValues(Picture picture, ImageShape shape, ResizeMode mode = ResizeMode.Crop)
    {
        RequireGreyOrRgb(shape);
        var pixels = shape.Channels == 1 ? Pixels.GreyOf(picture) : Pixels.Of(picture);
        var bytes = Framed(pixels, shape, ModelFrame.Of(picture.Width, picture.Height, shape, mode));
        var values = new float[shape.Length];
        for (int c = 0, at = 0; c < shape.Channels; c++)
        for (var y = 0; y < shape.Height; y++)
        for (var x = 0; x < shape.Width; x++)
            values[at++] = (bytes[(y * shape.Width + x) * shape.Channels + c] / 255f - 0.5f) / 0.5f;
        return values;
    }

    /// <summary>From which original a picture was cut, as SDXL's training scripts tell it.</summary>
    /// <param name="shape">That it is given to the model in.</param>
    /// <returns>Null for a picture of the model's size.</returns>
    public static PictureFraming? FramingOf(int width, int height, ImageShape shape, ResizeMode mode)
    {
        if (mode == ResizeMode.Bucket)
            return PictureBuckets.Framing(width, height, shape);
        if (width == shape.Width && height == shape.Height)
            return null;
        if (mode != ResizeMode.Crop)
            return new(height, width, 0, 0);
        var window = ModelFrame.Of(width, height, shape, mode).Window;
        return new(height, width, (int)window.Top, (int)window.Left);
    }

    /// <summary>The picture of values: v/2 + 0.5 in [0, 1], times 255, rounded half to even.</summary>
    /// <param name="values">C × H × W values, channel first, nominally in [−1, 1]; NaN becomes 0.</param>
    public static Picture ToPicture(ReadOnlySpan<float> values, ImageShape shape)
    {
        RequireGreyOrRgb(shape);
        if (values.Length != shape.Length)
            throw new ArgumentException($"{values.Length} values do not fill {shape}.", nameof(values));
        var area = shape.Height * shape.Width;
        var rgb = new byte[area * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var value = values[(shape.Channels == 1 ? 0 : i % 3) * area + i / 3];
            rgb[i] = float.IsNaN(value) ? (byte)0 : (byte)MathF.Round(Math.Clamp(value / 2 + 0.5f, 0, 1) * 255);
        }

        return new Picture(shape.Width, shape.Height, rgb);
    }

    /// <summary>Grey levels, one byte a pixel.</summary>
    public static byte[] Grey(Picture picture)
    {
        var rgb = picture.Rgb;
        var grey = new byte[picture.Width * picture.Height];
        for (int i = 0, p = 0; i < grey.Length; i++, p += 3)
            grey[i] = (byte)((19595 * rgb[p] + 38470 * rgb[p + 1] + 7471 * rgb[p + 2] + 32768) >> 16);
        return grey;
    }

    // Black surrounds what does not fill the shape.
    private static byte[] Framed(Pixels pixels, ImageShape shape, ModelFrame frame)
    {
        var bytes = Resampler.Resize(pixels, frame.Width, frame.Height, ResampleFilter.Bilinear, frame.Window);
        if (frame.Window.Width == shape.Width && frame.Window.Height == shape.Height)
            return bytes;
        var padded = new byte[shape.Length];
        var stride = frame.Window.Width * shape.Channels;
        for (var y = 0; y < frame.Window.Height; y++)
        {
            var start = ((frame.Top + y) * shape.Width + frame.Left) * shape.Channels;
            bytes.AsSpan(y * stride, stride).CopyTo(padded.AsSpan(start));
        }

        return padded;
    }

    private static void RequireGreyOrRgb(ImageShape shape)
    {
        if (shape.Channels is not (1 or 3))
            throw new AuditException(
                $"The model's pictures have {shape.Channels} channels; only 1 (grey) and 3 (RGB) are supported."
            );
    }
}
