using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>An image processor of transformers: what it can do, and its defaults.</summary>
/// <param name="Name">Of the class, without ImageProcessor.</param>
/// <param name="Size">Its default size.</param>
/// <param name="Filter">Its default filter; null where versions of transformers differ.</param>
internal sealed record ImageProcessorClass(string Name, ResizeRule Size, ResampleFilter? Filter)
{
    private const ResampleFilter Bilinear = ResampleFilter.Bilinear;
    private const ResampleFilter Bicubic = ResampleFilter.Bicubic;
    private static readonly double[] Half = [0.5, 0.5, 0.5];
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    /// <summary>Whether one number as a size is a square, else the shortest edge; null if it is neither.</summary>
    public bool? NumberIsSquare { get; init; } = Size.Kind == ResizeKind.Exact;

    public SizeReading SizeReading { get; init; }

    /// <summary>Side of its default crop; null if it never crops.</summary>
    public int? Crop { get; init; }

    /// <summary>Whether it crops unless told otherwise.</summary>
    public bool CropsByDefault { get; init; } = true;

    /// <summary>Its default mean; null if it never normalises.</summary>
    public IReadOnlyList<double>? Mean { get; init; } = Half;

    /// <summary>Its default standard deviation.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = Half;

    /// <summary>Whether it can subtract 1 after rescaling and divide by the deviation twice.</summary>
    public bool IsEfficientNet => Name == "EfficientNet";

    /// <summary>Whether it can swap red and blue, and does unless told otherwise.</summary>
    public bool SwapsRedAndBlue => Name == "MobileViT";

    /// <summary>That of CLIP.</summary>
    public static ImageProcessorClass Clip { get; } = OfClip("CLIP");

    /// <summary>Those that are known, after the source of transformers 4 and 5.</summary>
    public static IReadOnlyList<ImageProcessorClass> All { get; } =
    [
        Clip,
        OfClip("ChineseCLIP"),
        OfClip("Bit"),
        OfClip("OwlViT", ResizeRule.Exact(768, 768)) with
        {
            Crop = 768,
            CropsByDefault = false,
        },
        OfClip("Blip", ResizeRule.Exact(384, 384)) with
        {
            Crop = null,
        },
        new("ViT", ResizeRule.Exact(224, 224), Bilinear),
        new("Siglip", ResizeRule.Exact(224, 224), Bicubic) { NumberIsSquare = null },
        new("DeiT", ResizeRule.Exact(256, 256), Bicubic) { Crop = 224 },
        new("Beit", ResizeRule.Exact(256, 256), Bicubic) { Crop = 224 },
        new("DPT", ResizeRule.Exact(384, 384), Bicubic) { SizeReading = SizeReading.Dpt },
        new("ConvNext", ResizeRule.ShortestEdge(384), Bicubic) { SizeReading = SizeReading.ConvNext },
        new("MobileNetV1", ResizeRule.ShortestEdge(256), Bilinear) { Crop = 224 },
        new("MobileNetV2", ResizeRule.ShortestEdge(256), Bilinear) { Crop = 224 },
        new("EfficientNet", ResizeRule.Exact(346, 346), null) { Crop = 289, CropsByDefault = false },
        new("MobileViT", ResizeRule.ShortestEdge(224), null) { Crop = 256, Mean = null },
        OfImageNet("Pvt", ResizeRule.Exact(224, 224), Bilinear),
        OfImageNet("Segformer", ResizeRule.Exact(512, 512), Bilinear),
        OfImageNet("Levit", ResizeRule.ShortestEdge(224), Bicubic) with
        {
            Crop = 224,
            SizeReading = SizeReading.Levit,
        },
        OfImageNet("PoolFormer", ResizeRule.ShortestEdge(224), Bicubic) with
        {
            Crop = 224,
            SizeReading = SizeReading.PoolFormer,
        },
    ];

    /// <summary>Finds a class by its name in a file, as old feature extractor or fast image processor too.</summary>
    public static ImageProcessorClass? Find(string type)
    {
        var name = type;
        foreach (var suffix in (string[])["Fast", "Pil", "ImageProcessor", "FeatureExtractor"])
            if (name.EndsWith(suffix, StringComparison.Ordinal))
                name = name[..^suffix.Length];
        return All.FirstOrDefault(known => known.Name == name);
    }

    private static ImageProcessorClass OfClip(string name, ResizeRule? size = null) =>
        new(name, size ?? ResizeRule.ShortestEdge(224), Bicubic)
        {
            Crop = 224,
            Mean = PreprocessorSettings.ClipMean,
            Deviation = PreprocessorSettings.ClipDeviation,
        };

    private static ImageProcessorClass OfImageNet(string name, ResizeRule size, ResampleFilter filter) =>
        new(name, size, filter) { Mean = ImageNetMean, Deviation = ImageNetDeviation };
}
