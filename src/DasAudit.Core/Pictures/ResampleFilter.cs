namespace DasAudit.Core.Pictures;

/// <summary>How pixels are weighted in resizing; the numbers are Pillow's <c>Image.Resampling</c>.</summary>
public enum ResampleFilter
{
    /// <summary>The pixel under the centre; no antialiasing.</summary>
    Nearest = 0,

    /// <summary>Triangle of half-width 1.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = −0.5, half-width 2.</summary>
    Bicubic = 3,
}
