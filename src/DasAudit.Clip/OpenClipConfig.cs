using System.Text.Json;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>
/// Reads how open_clip prepares pictures: its <c>open_clip_config.json</c>, or <c>preprocess_cfg.json</c>, in which
/// Immich keeps the same settings beside a visual model. What is not stated is as open_clip's <c>PreprocessCfg</c>
/// has it.
/// </summary>
internal static class OpenClipConfig
{
    private const int DefaultSide = 224;
    private const string Longest = "longest";
    private const string Squash = "squash";
    private const string Shortest = "shortest";

    /// <summary>Reads an <c>open_clip_config.json</c>, whose model states the size.</summary>
    public static PreprocessorSettings ParseWhole(ConfigObject config)
    {
        var preprocessing =
            config.Object("preprocess_cfg") ?? throw config.Wrong("names no preprocess_cfg of open_clip's");
        var vision = config.Object("model_cfg")?.Object("vision_cfg");
        if (vision is null || !vision.Has("image_size", out var size))
            return Parse(preprocessing);
        var ofModel = Size(vision, size);
        if (preprocessing.Has("size", out var stated) && Size(preprocessing, stated) != ofModel)
            throw config.Wrong($"has two sizes, {size.GetRawText()} and {stated.GetRawText()}");
        return Parse(preprocessing, ofModel);
    }

    /// <summary>Reads the settings of the preprocessing alone.</summary>
    /// <param name="ofModel">Size that the model states.</param>
    public static PreprocessorSettings Parse(ConfigObject config, (int Height, int Width)? ofModel = null)
    {
        var mode = config.Text("mode") ?? "RGB";
        if (mode != "RGB")
            throw config.Wrong($"asks for the mode {mode}, where RGB alone is supported");
        var stated = config.Has("size", out var size) ? Size(config, size) : (DefaultSide, DefaultSide);
        var settings = new PreprocessorSettings
        {
            Filter = Filter(config),
            Placement = CropPlacement.HalfToEven,
            Fill = Fill(config),
            Mean = config.Channels("mean", divides: false) ?? PreprocessorSettings.ClipMean,
            Deviation = config.Channels("std", divides: true) ?? PreprocessorSettings.ClipDeviation,
        };
        var resized = Resized(config, settings, ofModel ?? stated);
        config.RefuseOthers("is no setting of open_clip's");
        return resized;
    }

    private static PreprocessorSettings Resized(
        ConfigObject config,
        PreprocessorSettings settings,
        (int Height, int Width) size
    )
    {
        var mode = config.Text("resize_mode") ?? Shortest;
        var (height, width) = size;
        return mode switch
        {
            Squash => settings with { Resize = ResizeRule.Exact(height, width) },
            Longest => settings with { Resize = new(ResizeKind.Inside, height, width), Crop = size },
            // Only what open_clip pads itself has its fill colour; torchvision's crop pads with black.
            Shortest => settings with
            {
                Resize = height == width ? ResizeRule.ShortestEdge(height) : new(ResizeKind.Around, height, width),
                Crop = size,
                Fill = default,
            },
            _ => throw config.Wrong($"asks for the resize_mode {mode}; there are {Squash}, {Shortest} and {Longest}"),
        };
    }

    private static (int Height, int Width) Size(ConfigObject config, JsonElement size)
    {
        if (size.ValueKind != JsonValueKind.Array)
            return (config.Side(size), config.Side(size));
        return size.GetArrayLength() == 2
            ? (config.Side(size[0]), config.Side(size[1]))
            : throw config.Wrong($"has a size of {size.GetRawText()}, where height and width are needed");
    }

    private static ResampleFilter Filter(ConfigObject config)
    {
        var name = config.Text("interpolation") ?? "bicubic";
        return Enum.TryParse<ResampleFilter>(name, ignoreCase: true, out var filter) && !char.IsAsciiDigit(name[0])
            ? filter
            : throw config.Wrong(
                $"asks for the interpolation {name}; there are "
                    + string.Join(", ", Enum.GetNames<ResampleFilter>()).ToLowerInvariant()
            );
    }

    private static (byte Red, byte Green, byte Blue) Fill(ConfigObject config)
    {
        if (!config.Has("fill_color", out var value))
            return default;
        byte[] levels =
            value.ValueKind == JsonValueKind.Number
                ? [value.GetByte(), value.GetByte(), value.GetByte()]
                : [.. value.EnumerateArray().Select(level => level.GetByte())];
        return levels.Length == 3
            ? (levels[0], levels[1], levels[2])
            : throw config.Wrong($"has a fill_color of {value.GetRawText()}, where one or three values are needed");
    }
}
