using System.Globalization;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip;

/// <summary>What is done to a picture for the encoder, in order: resize, centre crop, rescale, normalise.</summary>
internal sealed record PreprocessorSettings
{
    /// <summary>CLIP's own mean by channel.</summary>
    public static readonly IReadOnlyList<double> ClipMean = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>CLIP's own standard deviation by channel.</summary>
    public static readonly IReadOnlyList<double> ClipDeviation = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Size to resize to; null for none.</summary>
    public ResizeRule? Resize { get; init; }

    public ResampleFilter Filter { get; init; } = ResampleFilter.Bicubic;

    /// <summary>Height and width of the centre crop; null for none.</summary>
    public (int Height, int Width)? Crop { get; init; }

    public CropPlacement Placement { get; init; }

    /// <summary>Red, green and blue of the margin around a picture that is smaller than the crop.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; }

    /// <summary>What bytes are multiplied with; null for nothing.</summary>
    public double? RescaleFactor { get; init; } = 1 / 255.0;

    /// <summary>Whether 1 is subtracted after rescaling.</summary>
    public bool RescalesAroundZero { get; init; }

    /// <summary>Subtracted, by channel, after rescaling; empty for nothing.</summary>
    public IReadOnlyList<double> Mean { get; init; } = ClipMean;

    /// <summary>Divided by, by channel, after subtracting; empty for nothing.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = ClipDeviation;

    /// <summary>Divided by at the very end, by channel; empty for nothing.</summary>
    public IReadOnlyList<double> LastDeviation { get; init; } = [];

    /// <summary>Whether the encoder gets blue, green, red instead of red, green, blue.</summary>
    public bool SwapsRedAndBlue { get; init; }

    /// <summary>Height and width that every picture comes out with; null if they depend on the picture.</summary>
    public (int Height, int Width)? OutputSize =>
        Crop ?? (Resize is { Kind: ResizeKind.Exact } exact ? (exact.Height, exact.Width) : null);

    /// <summary>Whether the bytes of pictures are changed in value.</summary>
    public bool ChangesValues =>
        RescaleFactor is not null || RescalesAroundZero || Mean.Count + Deviation.Count + LastDeviation.Count > 0;

    /// <summary>CLIP's own preprocessing for a square input.</summary>
    public static PreprocessorSettings Clip(int side) =>
        new() { Resize = ResizeRule.ShortestEdge(side), Crop = (side, side) };

    /// <summary>The same without rescaling and normalising.</summary>
    public PreprocessorSettings OfBytes() =>
        this with
        {
            RescaleFactor = null,
            RescalesAroundZero = false,
            Mean = [],
            Deviation = [],
            LastDeviation = [],
        };

    /// <summary>A text that is the same exactly if the settings are, for hashing.</summary>
    public string Canonical()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"resize={Resize?.Canonical()};filter={Filter};crop={Crop};rescale={RescaleFactor:R};"
                + $"mean={Join(Mean)};std={Join(Deviation)}"
        );
        // What earlier versions did not know is left out where it is as they did it: their hashes stay.
        if (Placement != CropPlacement.Floor && Crop is not null)
            text += $";placement={Placement}";
        if (Fill != default && Crop is not null)
            text += $";fill={Fill}";
        if (RescalesAroundZero)
            text += ";offset=1";
        if (LastDeviation.Count > 0)
            text += $";last={Join(LastDeviation)}";
        if (SwapsRedAndBlue)
            text += ";channels=bgr";
        return text;
    }

    /// <summary>One line in words: <c>resize shortest edge to 224, bicubic; centre crop 224×224; …</c>.</summary>
    public override string ToString()
    {
        var steps = new List<string>();
        if (Resize is not null)
            steps.Add($"resize {Resize}, {$"{Filter}".ToLowerInvariant()}");
        if (Crop is { } crop)
            steps.Add($"centre crop {crop.Width}×{crop.Height}{Margin()}");
        if (RescaleFactor is { } factor)
            steps.Add($"rescale by {Fraction(factor)}{(RescalesAroundZero ? " less 1" : "")}");
        if (Mean.Count > 0)
            steps.Add($"mean {Words(Mean)}");
        if (Deviation.Count > 0)
            steps.Add($"std {Words(Deviation)}");
        if (LastDeviation.Count > 0)
            steps.Add($"std again {Words(LastDeviation)}");
        if (SwapsRedAndBlue)
            steps.Add("blue before red");
        return steps.Count > 0 ? string.Join("; ", steps) : "none: pictures as they are, bytes 0 to 255";
    }

    private string Margin() => Fill == default ? "" : $" on ({Fill.Red}, {Fill.Green}, {Fill.Blue})";

    private static string Fraction(double factor)
    {
        foreach (var whole in (double[])[255, 127.5])
            if (Math.Abs(factor * whole - 1) < 1e-9)
                return $"1/{Text(whole)}";
        return Text(factor);
    }

    private static string Words(IReadOnlyList<double> values) =>
        values.Distinct().Count() == 1 ? Text(values[0]) : string.Join(", ", values.Select(Text));

    private static string Join(IReadOnlyList<double> values) => string.Join(',', values.Select(Text));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
