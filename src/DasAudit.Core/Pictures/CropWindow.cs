namespace DasAudit.Core.Pictures;

/// <summary>A part of a picture.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct CropWindow(long Left, long Top, int Width, int Height)
{
    /// <summary>Whether it is not empty and lies within a picture of that size.</summary>
    public bool LiesWithin(long width, long height) =>
        Left >= 0 && Top >= 0 && Width > 0 && Height > 0 && Left + Width <= width && Top + Height <= height;
}
