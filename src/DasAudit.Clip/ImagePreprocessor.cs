using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>Turns pictures into what an encoder takes, as transformers' image processors do on Pillow images.</summary>
internal sealed class ImagePreprocessor
{
    private const int Channels = 3;
    private const long LargestArea = 1 << 24;
    private readonly PreprocessorSettings _settings;
    private readonly float[] _levels;

    public ImagePreprocessor(PreprocessorSettings settings)
    {
        _settings = settings;
        _levels = new float[Channels * 256];
        for (var i = 0; i < _levels.Length; i++)
            _levels[i] = Level(settings, i / 256, i % 256);
    }

    /// <summary>Resizes and crops from ⌊(length − crop) / 2⌋ on; what lies outside is black.</summary>
    /// <exception cref="AuditException">It would be enlarged beyond 16 megapixels, and nothing crops it.</exception>
    public Picture Crop(Picture picture)
    {
        var (width, height) = _settings.Resize?.Apply(picture.Width, picture.Height) ?? (picture.Width, picture.Height);
        if (_settings.Crop is null && width * height > LargestArea)
            throw new AuditException(
                $"A picture of {picture.Width}×{picture.Height} is too long for this encoder, which does not crop; "
                    + "choose an encoder that does."
            );
        var (cropHeight, cropWidth) = _settings.Crop ?? ((int)height, (int)width);
        var (left, top) = (FloorHalf(width - cropWidth), FloorHalf(height - cropHeight));
        var window = new CropWindow(
            Math.Max(left, 0),
            Math.Max(top, 0),
            (int)Math.Min(width, cropWidth),
            (int)Math.Min(height, cropHeight)
        );
        var visible = Resampler.Resize(Pixels.Of(picture), width, height, _settings.Filter, window);
        if ((window.Width, window.Height) == (cropWidth, cropHeight))
            return new Picture(cropWidth, cropHeight, visible);
        var framed = new byte[cropWidth * cropHeight * Channels];
        for (var y = 0; y < window.Height; y++)
        {
            var at = ((y + Math.Max(-top, 0)) * cropWidth + Math.Max(-left, 0)) * Channels;
            visible.AsSpan(y * window.Width * Channels, window.Width * Channels).CopyTo(framed.AsSpan((int)at));
        }

        return new Picture(cropWidth, cropHeight, framed);
    }

    /// <summary>Rescales and normalises to 3 × H × W values, channel first.</summary>
    public float[] Normalise(Picture cropped)
    {
        var area = cropped.Width * cropped.Height;
        var values = new float[Channels * area];
        for (var c = 0; c < Channels; c++)
        for (var i = 0; i < area; i++)
            values[c * area + i] = _levels[c * 256 + cropped.Rgb[i * Channels + c]];
        return values;
    }

    private static long FloorHalf(long difference) => difference >> 1;

    private static float Level(PreprocessorSettings settings, int channel, int value)
    {
        var level = settings.RescaleFactor is { } factor ? (float)(value * factor) : value;
        if (settings.Mean.Count > 0)
            level -= (float)settings.Mean[channel];
        return settings.Deviation.Count > 0 ? level / (float)settings.Deviation[channel] : level;
    }
}
