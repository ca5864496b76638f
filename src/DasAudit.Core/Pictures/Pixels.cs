namespace DasAudit.Core.Pictures;

/// <summary>8-bit pixels, row-major, channels interleaved.</summary>
/// <param name="Bytes">Width × height × channels bytes.</param>
/// <param name="Channels">Bytes a pixel.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct Pixels(byte[] Bytes, int Channels, int Width, int Height)
{
    /// <summary>The pixels of a picture.</summary>
    public static Pixels Of(Picture picture) => new(picture.Rgb, 3, picture.Width, picture.Height);

    /// <summary>The grey levels of a picture, one byte a pixel; see <see cref="PictureTensor"/>.</summary>
    internal static Pixels GreyOf(Picture picture) =>
        new(PictureTensor.Grey(picture), 1, picture.Width, picture.Height);

    internal ReadOnlySpan<byte> Row(int y) => Bytes.AsSpan(y * Width * Channels, Width * Channels);
}
