using System.Text.Json;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>
/// Reads what transformers says about an image processor: its <c>preprocessor_config.json</c>, or the object
/// <c>image_processor</c> of <c>processor_config.json</c>. Every key is followed, known to change nothing, or refused.
/// What is not stated is as the named class has it, or as CLIP has it if none is named.
/// </summary>
internal sealed class PreprocessorConfig
{
    private static readonly string[] Harmless =
    [
        "_commit_hash",
        "_name_or_path",
        "_processor_class",
        "_valid_processor_keys",
        "data_format",
        "device",
        "disable_grouping",
        "do_convert_rgb",
        "do_reduce_labels",
        "image_seq_length",
        "input_data_format",
        "model_input_names",
        "name_or_path",
        "processor_class",
        "reduce_labels",
        "return_tensors",
        "transformers_version",
    ];

    private readonly ConfigObject _config;
    private readonly ImageProcessorClass _class;

    private PreprocessorConfig(ConfigObject config, ImageProcessorClass imageProcessor)
    {
        _config = config;
        _class = imageProcessor;
    }

    /// <summary>Reads an object.</summary>
    /// <param name="missing">Keys that are as CLIP has them because the file names neither them nor a class.</param>
    public static PreprocessorSettings Parse(ConfigObject config, out IReadOnlyList<string> missing)
    {
        config.Ignore(Harmless);
        var older = config.Text("feature_extractor_type");
        var type = config.Text("image_processor_type") ?? older;
        var known = type is null
            ? ImageProcessorClass.Clip
            : ImageProcessorClass.Find(type)
                ?? throw config.Wrong($"is of the image processor {type}, which is not known here");
        var settings = new PreprocessorConfig(config, known).Settings();
        config.RefuseOthers($"is not supported{(type is null ? "" : $" for {type}")}");
        string[] notSettings = ["feature_extractor_type", "image_processor_type", "default_to_square"];
        missing = type is null ? [.. config.Missing.Except(notSettings)] : [];
        return settings;
    }

    private PreprocessorSettings Settings()
    {
        var settings = WithValues(new() { Resize = null, Filter = ResampleFilter.Bicubic });
        if (_class.Crop is { } side && IsOn("do_center_crop", _class.CropsByDefault, "crop_size"))
            settings = settings with { Crop = CropSize() ?? (side, side) };
        if (!IsOn("do_resize", true, "size", "resample", "default_to_square", "crop_pct"))
            return settings;
        settings = settings with { Filter = Filter() };
        var size = Size();
        return _class.SizeReading switch
        {
            SizeReading.ConvNext => ForConvNext(settings, size),
            SizeReading.PoolFormer => settings with { Resize = Divide(size, Percentage(0.9)) },
            SizeReading.Levit when size.Kind == ResizeKind.ShortestEdge => settings with
            {
                Resize = ResizeRule.ShortestEdge((int)(256.0 / 224.0 * size.Height)),
            },
            SizeReading.Dpt => settings with { Resize = MultipleOf(size) },
            _ => settings with { Resize = size },
        };
    }

    /// <summary>What happens to the values of pixels.</summary>
    private PreprocessorSettings WithValues(PreprocessorSettings settings)
    {
        var rescales = IsOn("do_rescale", true, "rescale_factor", "rescale_offset");
        var factor = rescales ? _config.Number("rescale_factor") ?? 1 / 255.0 : (double?)null;
        if (factor is { } number && !double.IsFinite(number))
            throw _config.Wrong($"has a rescale_factor of {number}");
        var normalises = _class.Mean is not null && IsOn("do_normalize", true, "image_mean");
        settings = settings with
        {
            RescaleFactor = factor,
            Mean = normalises ? _config.Channels("image_mean", divides: false) ?? _class.Mean! : [],
            Deviation = normalises ? Deviation() : [],
        };
        _config.Ignore("image_mean", "image_std");
        if (_class.IsEfficientNet)
            return settings with
            {
                RescalesAroundZero = rescales && _config.Flag("rescale_offset", missing: false),
                LastDeviation = _config.Flag("include_top", missing: true) ? Deviation() : [],
            };
        return _class.SwapsRedAndBlue
            ? settings with
            {
                SwapsRedAndBlue = _config.Flag("do_flip_channel_order", missing: true),
            }
            : settings;
    }

    private IReadOnlyList<double> Deviation() => _config.Channels("image_std", divides: true) ?? _class.Deviation;

    /// <summary>Whether a step is done; the keys that it alone uses change nothing if it is not.</summary>
    private bool IsOn(string step, bool byDefault, params string[] keys)
    {
        var isOn = _config.Flag(step, byDefault);
        if (!isOn)
            _config.Ignore(keys);
        return isOn;
    }

    private ResizeRule Size()
    {
        var isSquare = _config.Holds("default_to_square")
            ? _config.Flag("default_to_square", missing: false)
            : _class.NumberIsSquare;
        if (!_config.Has("size", out var size))
            return _class.Size;
        var rule = size.ValueKind switch
        {
            JsonValueKind.Number when isSquare is true => ResizeRule.Exact(_config.Side(size), _config.Side(size)),
            JsonValueKind.Number when isSquare is false => ResizeRule.ShortestEdge(_config.Side(size)),
            JsonValueKind.Array => Square(size),
            JsonValueKind.Object => Rule(size),
            _ => null,
        };
        var isTaken = _class.SizeReading != SizeReading.ConvNext || rule?.Kind == ResizeKind.ShortestEdge;
        return isTaken && rule is not null
            ? rule
            : throw _config.Wrong(
                $"has a size of a kind that is not supported ({size.GetRawText()}); supported are a number, "
                    + "shortest_edge, and height with width, as far as the image processor takes them"
            );
    }

    /// <summary>Two numbers, whose order versions of transformers do not agree on.</summary>
    private ResizeRule? Square(JsonElement size) =>
        size.GetArrayLength() == 2 && _config.Side(size[0]) == _config.Side(size[1])
            ? ResizeRule.Exact(_config.Side(size[0]), _config.Side(size[0]))
            : null;

    private ResizeRule? Rule(JsonElement size)
    {
        var lengths = Lengths(size);
        return (lengths.Count, lengths.GetValueOrDefault("shortest_edge")) switch
        {
            (1, > 0 and var edge) => ResizeRule.ShortestEdge(edge),
            (2, _) when lengths.ContainsKey("height") && lengths.ContainsKey("width") => ResizeRule.Exact(
                lengths["height"],
                lengths["width"]
            ),
            _ => null,
        };
    }

    private Dictionary<string, int> Lengths(JsonElement size)
    {
        var lengths = new Dictionary<string, int>();
        foreach (var length in size.EnumerateObject().Where(length => length.Value.ValueKind != JsonValueKind.Null))
            lengths[length.Name] = _config.Side(length.Value);
        return lengths;
    }

    private (int Height, int Width)? CropSize()
    {
        if (!_config.Has("crop_size", out var size))
            return null;
        var rule = size.ValueKind switch
        {
            JsonValueKind.Number => ResizeRule.Exact(_config.Side(size), _config.Side(size)),
            JsonValueKind.Object => Rule(size),
            _ => null,
        };
        return rule is { Kind: ResizeKind.Exact }
            ? (rule.Height, rule.Width)
            : throw _config.Wrong($"has a crop_size of a kind that is not supported ({size.GetRawText()})");
    }

    private ResampleFilter Filter()
    {
        if (!_config.Has("resample", out var value))
            return _class.Filter
                ?? throw _config.Wrong("names no resample filter, and versions of transformers differ in the default");
        return value.TryGetInt32(out var filter) && Enum.IsDefined((ResampleFilter)filter)
            ? (ResampleFilter)filter
            : throw _config.Wrong(
                $"asks for the resampling filter {value.GetRawText()}; there are 0 (nearest) to 5 (Hamming)"
            );
    }

    private PreprocessorSettings ForConvNext(PreprocessorSettings settings, ResizeRule size)
    {
        var side = size.Height;
        var percentage = Percentage(224.0 / 256.0);
        return side < 384
            ? settings with
            {
                Resize = Divide(size, percentage),
                Crop = (side, side),
            }
            : settings with
            {
                Resize = ResizeRule.Exact(side, side),
            };
    }

    private double Percentage(double missing)
    {
        var percentage = _config.Number("crop_pct") ?? missing;
        return percentage is > 0.01 and <= 1 ? percentage : throw _config.Wrong($"has a crop_pct of {percentage}");
    }

    /// <summary>A square counts as a shortest edge here: PoolFormer has it so.</summary>
    private static ResizeRule Divide(ResizeRule size, double percentage)
    {
        var (height, width) = ((int)(size.Height / percentage), (int)(size.Width / percentage));
        return size.Height == size.Width ? ResizeRule.ShortestEdge(height) : ResizeRule.Exact(height, width);
    }

    private ResizeRule MultipleOf(ResizeRule size)
    {
        _config.Ignore("size_divisor");
        if (_config.Flag("keep_aspect_ratio", missing: false))
            throw _config.Wrong("asks for keep_aspect_ratio, which is not supported");
        var multiple = _config.Number("ensure_multiple_of") ?? 1;
        return size.Kind == ResizeKind.Exact && size.Height % multiple == 0 && size.Width % multiple == 0
            ? size
            : throw _config.Wrong($"asks for ensure_multiple_of ({multiple}), which its size is not");
    }
}
