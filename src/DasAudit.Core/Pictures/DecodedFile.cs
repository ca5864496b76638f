using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>What a picture file holds, before anything is done to it.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgba">Width × height × 4 bytes, unpremultiplied.</param>
/// <param name="Origin">The orientation that the file states.</param>
internal readonly record struct DecodedFile(int Width, int Height, byte[] Rgba, SKEncodedOrigin Origin);
