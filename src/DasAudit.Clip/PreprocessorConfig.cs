using System.Text.Json;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>
/// Reads Hugging Face's <c>preprocessor_config.json</c>, of an image processor or of the older feature extractors. What
/// it does not state is as CLIP has it. A size that is one number means the shortest side where a centre crop follows
/// and a square where none does (or for DeiT and BEiT), which is what the processors of these names do.
/// </summary>
internal static class PreprocessorConfig
{
    private static readonly string[] Steps =
    [
        "do_resize",
        "do_center_crop",
        "do_rescale",
        "do_normalize",
        "do_convert_rgb",
    ];

    public static PreprocessorSettings Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Parse(document.RootElement, path);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw Wrong(path, "cannot be read as a preprocessor configuration", e);
        }
    }

    private static PreprocessorSettings Parse(JsonElement config, string path)
    {
        foreach (var property in config.EnumerateObject())
            if (
                property.Name.StartsWith("do_", StringComparison.Ordinal)
                && property.Value.ValueKind == JsonValueKind.True
                && !Steps.Contains(property.Name)
            )
                throw Wrong(path, $"asks for {property.Name}, which is not supported");

        var type = Text(config, "image_processor_type") ?? Text(config, "feature_extractor_type") ?? "";
        var clips = type.Length == 0 || type.Contains("CLIP", StringComparison.Ordinal);
        var crops = Flag(config, "do_center_crop", config.TryGetProperty("crop_size", out _) || clips);
        var square =
            !crops
            || type.StartsWith("DeiT", StringComparison.Ordinal)
            || type.StartsWith("Beit", StringComparison.Ordinal);
        var clip = PreprocessorSettings.Clip(224);
        return clip with
        {
            Resize = Flag(config, "do_resize", true) ? Size(config, square, path) ?? clip.Resize : null,
            Filter = Filter(config, path),
            Crop = crops ? CropSize(config, path) ?? clip.Crop : null,
            RescaleFactor = Flag(config, "do_rescale", true)
                ? Number(config, "rescale_factor") ?? clip.RescaleFactor
                : null,
            Mean = Flag(config, "do_normalize", true) ? Channels(config, "image_mean", path) ?? clip.Mean : [],
            Deviation = Flag(config, "do_normalize", true) ? Channels(config, "image_std", path) ?? clip.Deviation : [],
        };
    }

    private static ResizeRule? Size(JsonElement config, bool square, string path)
    {
        if (!Has(config, "size", out var size))
            return null;
        if (size.ValueKind == JsonValueKind.Number)
            return square ? new ResizeRule(null, Side(size, path), Side(size, path)) : new ResizeRule(Side(size, path));
        if (size.ValueKind == JsonValueKind.Array && size.GetArrayLength() == 2)
            return new ResizeRule(null, Side(size[0], path), Side(size[1], path));
        if (Pair(size, path) is { } pair)
            return new ResizeRule(null, pair.Height, pair.Width);
        if (
            size.ValueKind == JsonValueKind.Object
            && size.EnumerateObject().Count() == 1
            && size.TryGetProperty("shortest_edge", out var edge)
        )
            return new ResizeRule(Side(edge, path));
        throw Wrong(
            path,
            $"has a size of a kind that is not supported ({size.GetRawText()}); supported are a number, "
                + "shortest_edge, and height with width"
        );
    }

    private static (int Height, int Width)? CropSize(JsonElement config, string path)
    {
        if (!Has(config, "crop_size", out var size))
            return null;
        if (size.ValueKind == JsonValueKind.Number)
            return (Side(size, path), Side(size, path));
        return Pair(size, path)
            ?? throw Wrong(path, $"has a crop_size of a kind that is not supported ({size.GetRawText()})");
    }

    private static (int Height, int Width)? Pair(JsonElement size, string path) =>
        size.ValueKind == JsonValueKind.Object
        && size.TryGetProperty("height", out var height)
        && size.TryGetProperty("width", out var width)
            ? (Side(height, path), Side(width, path))
            : null;

    private static int Side(JsonElement value, string path) =>
        value.TryGetInt32(out var side) && side is > 0 and <= 8192
            ? side
            : throw Wrong(path, $"has a size of {value.GetRawText()} pixels, where 1 to 8192 are possible");

    private static ResampleFilter Filter(JsonElement config, string path)
    {
        if (!Has(config, "resample", out var value))
            return ResampleFilter.Bicubic;
        return value.TryGetInt32(out var filter) && Enum.IsDefined((ResampleFilter)filter)
            ? (ResampleFilter)filter
            : throw Wrong(
                path,
                $"asks for the resampling filter {value.GetRawText()}; supported are 0 (nearest), 2 (bilinear) and "
                    + "3 (bicubic)"
            );
    }

    private static double[]? Channels(JsonElement config, string name, string path)
    {
        if (!Has(config, name, out var value))
            return null;
        double[] values = [.. value.EnumerateArray().Select(v => v.GetDouble())];
        return values.Length == 3 && (name == "image_mean" || values.All(v => v != 0))
            ? values
            : throw Wrong(
                path,
                $"has an {name} of {value.GetRawText()}, where three values are needed, for image_std none of them 0"
            );
    }

    private static bool Flag(JsonElement config, string name, bool missing) =>
        Has(config, name, out var value) ? value.GetBoolean() : missing;

    private static double? Number(JsonElement config, string name) =>
        Has(config, name, out var value) ? value.GetDouble() : null;

    private static string? Text(JsonElement config, string name) =>
        Has(config, name, out var value) ? value.GetString() : null;

    private static bool Has(JsonElement config, string name, out JsonElement value) =>
        config.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static AuditException Wrong(string path, string what, Exception? inner = null) =>
        new($"'{path}' {what}; give the encoder's own preprocessor_config.json.", inner);
}
