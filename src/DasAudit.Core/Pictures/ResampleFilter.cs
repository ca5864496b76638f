namespace DasAudit.Core.Pictures;

/// <summary>How pixels are weighted in resizing; the numbers are Pillow's <c>Image.Resampling</c>.</summary>
public enum ResampleFilter
{
    /// <summary>The pixel under the centre; no antialiasing.</summary>
    Nearest = 0,

    /// <summary>Sinc windowed by a wider sinc, half-width 3.</summary>
    Lanczos = 1,

    /// <summary>Triangle of half-width 1.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = −0.5, half-width 2.</summary>
    Bicubic = 3,

    /// <summary>The mean of the pixels under the new one, half-width 0.5.</summary>
    Box = 4,

    /// <summary>Sinc under Hamming's window, half-width 1.</summary>
    Hamming = 5,
}
