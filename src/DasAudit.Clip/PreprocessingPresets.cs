using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>
/// Ways of preparing pictures that are known by name, for encoders beside which no file says it: NAME, or NAME:SIDE
/// for pictures of SIDE × SIDE where the model does not fix a size; 224 otherwise.
/// </summary>
public static class PreprocessingPresets
{
    private const int DefaultSide = 224;
    private static readonly double[] Half = [0.5, 0.5, 0.5];
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    private static readonly Dictionary<string, Func<int, PreprocessorSettings>> ByName = new()
    {
        ["clip"] = PreprocessorSettings.Clip,
        ["siglip"] = side =>
            new()
            {
                Resize = ResizeRule.Exact(side, side),
                Mean = Half,
                Deviation = Half,
            },
        ["imagenet"] = side =>
            new()
            {
                Resize = ResizeRule.ShortestEdge((int)(side / 0.875)),
                Filter = ResampleFilter.Bilinear,
                Crop = (side, side),
                Placement = CropPlacement.HalfToEven,
                Mean = ImageNetMean,
                Deviation = ImageNetDeviation,
            },
        ["dinov2"] = side =>
            new()
            {
                Resize = ResizeRule.ShortestEdge(side * 256 / 224),
                Crop = (side, side),
                Mean = ImageNetMean,
                Deviation = ImageNetDeviation,
            },
        ["none"] = _ => new PreprocessorSettings().OfBytes(),
    };

    /// <summary>
    /// <c>clip</c>: OpenAI's CLIP; <c>siglip</c>: SigLIP, squashed to a square; <c>imagenet</c>: torchvision's
    /// classifiers, bilinear with 12.5 % cropped; <c>dinov2</c>: DINOv2; <c>none</c>: bytes 0 to 255 as they are.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    /// <summary>Whether a text names a preset; else it is the path of a file.</summary>
    public static bool Contains(string text) => ByName.ContainsKey(NameIn(text));

    internal static PreprocessorSettings Of(string text, int? sideOfModel)
    {
        var name = NameIn(text);
        var side = sideOfModel ?? DefaultSide;
        var given = text[name.Length..];
        if (given.Length > 0 && !(int.TryParse(given[1..], out side) && side is > 0 and <= 8192))
            throw new AuditException(
                $"The preprocessing '{text}' names no side in pixels, 1 to 8192, after the colon; give one such as "
                    + $"{name}:{DefaultSide}."
            );
        return ByName[name](side);
    }

    private static string NameIn(string text) => text.Split(':')[0];
}
