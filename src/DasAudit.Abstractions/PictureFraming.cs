namespace DasAudit.Abstractions;

/// <summary>
/// From which original a picture was resized and cut: what SDXL is told (Podell et al., 2023, section 2.2).
/// </summary>
/// <param name="OriginalHeight">Rows before anything was done to it.</param>
/// <param name="OriginalWidth">Columns before anything was done to it.</param>
/// <param name="CropTop">Rows cut off above after resizing.</param>
/// <param name="CropLeft">Columns cut off on the left after resizing.</param>
public sealed record PictureFraming(int OriginalHeight, int OriginalWidth, int CropTop, int CropLeft)
{
    /// <summary>Rows after cutting; null for the model's own.</summary>
    public int? TargetHeight { get; init; }

    /// <summary>Columns after cutting; null for the model's own.</summary>
    public int? TargetWidth { get; init; }
}
