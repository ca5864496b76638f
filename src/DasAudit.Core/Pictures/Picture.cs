namespace DasAudit.Core.Pictures;

/// <summary>A decoded picture: 8-bit RGB, row-major, three bytes a pixel.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb">Width × Height × 3 bytes.</param>
/// <param name="Composited">Whether the file had transparency; see <see cref="PictureBackground"/>.</param>
public sealed record Picture(int Width, int Height, byte[] Rgb, bool Composited = false);
