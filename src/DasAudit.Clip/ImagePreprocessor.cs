using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>Turns pictures into what an encoder takes, as its makers' own code does with Pillow.</summary>
internal sealed class ImagePreprocessor
{
    private const int Channels = 3;
    private const int Values = 256;
    private const long LargestArea = 1 << 24;
    private readonly PreprocessorSettings _settings;
    private readonly float[] _levels;

    public ImagePreprocessor(PreprocessorSettings settings)
    {
        _settings = settings;
        _levels = new float[Channels * Values];
        for (var i = 0; i < _levels.Length; i++)
            _levels[i] = Level(settings, i / Values, i % Values);
    }

    /// <summary>Resizes and crops around the centre; what lies outside has the fill colour.</summary>
    /// <exception cref="AuditException">
    /// A side would vanish, or it would be enlarged beyond 16 megapixels and nothing crops it.
    /// </exception>
    public Picture Crop(Picture picture)
    {
        var (width, height) = _settings.Resize?.Apply(picture.Width, picture.Height) ?? (picture.Width, picture.Height);
        if (width < 1 || height < 1 || (_settings.Crop is null && width * height > LargestArea))
            throw new AuditException(
                $"A picture of {picture.Width}×{picture.Height} is too long for this encoder, which resizes it "
                    + $"{_settings.Resize}; leave it out or choose an encoder that crops."
            );
        var (cropHeight, cropWidth) = _settings.Crop ?? ((int)height, (int)width);
        var (left, top) = (Start(width, cropWidth), Start(height, cropHeight));
        var window = new CropWindow(
            Math.Max(left, 0),
            Math.Max(top, 0),
            (int)Math.Min(width, cropWidth),
            (int)Math.Min(height, cropHeight)
        );
        var visible = Resampler.Resize(Pixels.Of(picture), width, height, _settings.Filter, window);
        if ((window.Width, window.Height) == (cropWidth, cropHeight))
            return new Picture(cropWidth, cropHeight, visible);
        var framed = Margin(cropWidth, cropHeight);
        for (var y = 0; y < window.Height; y++)
        {
            var at = ((y + Math.Max(-top, 0)) * cropWidth + Math.Max(-left, 0)) * Channels;
            visible.AsSpan(y * window.Width * Channels, window.Width * Channels).CopyTo(framed.AsSpan((int)at));
        }

        return new Picture(cropWidth, cropHeight, framed);
    }

    /// <summary>Rescales and normalises to 3 × H × W values, or H × W × 3.</summary>
    public float[] Normalise(Picture cropped, bool channelsLast = false) =>
        Arrange(cropped, channelsLast, (channel, value) => _levels[channel * Values + value]);

    /// <summary>The bytes themselves, 3 × H × W or H × W × 3.</summary>
    public byte[] Bytes(Picture cropped, bool channelsLast = false) =>
        Arrange(cropped, channelsLast, (_, value) => value);

    private T[] Arrange<T>(Picture cropped, bool channelsLast, Func<int, byte, T> valueOf)
    {
        var area = cropped.Width * cropped.Height;
        var (channelStride, pixelStride) = channelsLast ? (1, Channels) : (area, 1);
        var values = new T[Channels * area];
        for (var channel = 0; channel < Channels; channel++)
        {
            var source = _settings.SwapsRedAndBlue ? Channels - 1 - channel : channel;
            for (var i = 0; i < area; i++)
                values[channel * channelStride + i * pixelStride] = valueOf(
                    channel,
                    cropped.Rgb[i * Channels + source]
                );
        }

        return values;
    }

    private byte[] Margin(int width, int height)
    {
        var pixels = new byte[width * height * Channels];
        var (red, green, blue) = _settings.Fill;
        if (_settings.Fill != default)
            for (var i = 0; i < pixels.Length; i += Channels)
                (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        return pixels;
    }

    /// <summary>First row or column of the crop; negative where a margin comes before.</summary>
    private long Start(long length, int crop)
    {
        if (_settings.Placement == CropPlacement.Floor)
            return (length - crop) >> 1;
        return length < crop ? -((crop - length) / 2) : (long)Math.Round((length - crop) / 2.0);
    }

    private static float Level(PreprocessorSettings settings, int channel, int value)
    {
        var level = settings.RescaleFactor is { } factor ? (float)(value * factor) : value;
        if (settings.RescalesAroundZero)
            level -= 1;
        if (settings.Mean.Count > 0)
            level -= (float)settings.Mean[channel];
        if (settings.Deviation.Count > 0)
            level /= (float)settings.Deviation[channel];
        return settings.LastDeviation.Count > 0 ? level / (float)settings.LastDeviation[channel] : level;
    }
}
