using System.Globalization;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>What is done to a picture for the encoder, in order: resize, centre crop, rescale, normalise.</summary>
internal sealed record PreprocessorSettings
{
    /// <summary>Size to resize to; null for none.</summary>
    public ResizeRule? Resize { get; init; }

    public ResampleFilter Filter { get; init; } = ResampleFilter.Bicubic;

    /// <summary>Height and width of the centre crop; null for none.</summary>
    public (int Height, int Width)? Crop { get; init; }

    /// <summary>What bytes are multiplied with; null for nothing.</summary>
    public double? RescaleFactor { get; init; } = 1 / 255.0;

    /// <summary>Subtracted, by channel, after rescaling; empty for nothing.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Divided by, by channel, after subtracting; empty for nothing.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Height and width that every picture comes out with; null if they depend on the picture.</summary>
    public (int Height, int Width)? OutputSize =>
        Crop ?? (Resize is { ShortestEdge: null } exact ? (exact.Height, exact.Width) : null);

    /// <summary>CLIP's own preprocessing for a square input.</summary>
    public static PreprocessorSettings Clip(int side) => new() { Resize = new ResizeRule(side), Crop = (side, side) };

    /// <summary>A text that is the same exactly if the settings are, for hashing.</summary>
    public string Canonical() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"resize={Resize};filter={Filter};crop={Crop};rescale={RescaleFactor:R};"
                + $"mean={Join(Mean)};std={Join(Deviation)}"
        );

    private static string Join(IReadOnlyList<double> values) =>
        string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}

/// <summary>An exact size, or the length that the shorter side gets while the proportions stay.</summary>
/// <param name="ShortestEdge">Null for an exact size.</param>
internal sealed record ResizeRule(int? ShortestEdge, int Height = 0, int Width = 0)
{
    /// <summary>The size that a picture gets; the longer side is cut to whole pixels, as transformers does.</summary>
    public (long Width, long Height) Apply(int width, int height)
    {
        if (ShortestEdge is not { } edge)
            return (Width, Height);
        return width <= height ? (edge, (long)edge * height / width) : ((long)edge * width / height, edge);
    }
}
