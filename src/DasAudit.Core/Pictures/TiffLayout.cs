using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>How the first page of a TIFF file is laid out, as far as it is read.</summary>
/// <param name="Samples">Values a pixel.</param>
/// <param name="Bits">Bits a value: 1, 2, 4, 8 or 16.</param>
/// <param name="IsSeparate">Whether each sample is a plane of its own.</param>
/// <param name="Palette">The colours of a palette, three bytes each; null for none.</param>
/// <param name="Alpha">What the sample after the colours means.</param>
internal sealed record TiffLayout(
    int Width,
    int Height,
    int Samples,
    int Bits,
    bool IsSeparate,
    Photometric Photometric,
    byte[]? Palette,
    TiffAlpha Alpha,
    SKEncodedOrigin Origin
)
{
    private const TiffTag DngVersion = (TiffTag)50706;
    private const int MostSamples = 5;
    private const int InkSetCmyk = 1;

    /// <summary>Reads the layout; refuses one that is not read.</summary>
    public static TiffLayout Of(Tiff tiff, string name)
    {
        if (tiff.GetField(DngVersion) is not null || Number(tiff, TiffTag.PHOTOMETRIC, 0) is 32803 or 34892)
            throw Unread(name, "holds a camera's raw data", "develop it and save it as TIFF or PNG");
        if ((Number(tiff, TiffTag.SUBFILETYPE, 0) & (int)FileType.REDUCEDIMAGE) != 0)
            throw Unread(name, "begins with a reduced copy of its picture", "save the picture alone");
        var compression = (Compression)Number(tiff, TiffTag.COMPRESSION, 1);
        CheckCompression(compression, name);
        var photometric = (Photometric)Number(tiff, TiffTag.PHOTOMETRIC, (int)Photometric.MINISBLACK);
        var (samples, bits) = (Number(tiff, TiffTag.SAMPLESPERPIXEL, 1), Number(tiff, TiffTag.BITSPERSAMPLE, 1));
        CheckSamples(tiff, name, samples, bits);
        var colours = ColoursOf(photometric);
        // Brightness and differences are turned into colours with JPEG alone.
        var isUnread = photometric == Photometric.YCBCR && compression != Compression.JPEG;
        if (colours == 0 || isUnread || (photometric == Photometric.PALETTE && bits > 8))
            throw Unread(
                name,
                $"holds colours of another kind (photometric interpretation {(int)photometric})",
                "convert it to RGB"
            );
        if (photometric == Photometric.SEPARATED && Number(tiff, TiffTag.INKSET, InkSetCmyk) != InkSetCmyk)
            throw Unread(name, "holds inks other than cyan, magenta, yellow and black", "convert it to RGB");
        if (samples < colours)
            throw PictureReader.Damaged(name, PictureFormat.Tiff, "it has too few samples a pixel");
        return new(
            Number(tiff, TiffTag.IMAGEWIDTH, 0),
            Number(tiff, TiffTag.IMAGELENGTH, 0),
            samples,
            bits,
            Number(tiff, TiffTag.PLANARCONFIG, 1) == (int)PlanarConfig.SEPARATE && samples > 1,
            photometric,
            photometric == Photometric.PALETTE ? PaletteOf(tiff, name, 1 << bits) : null,
            AlphaOf(tiff, samples, colours),
            OriginOf(Number(tiff, TiffTag.ORIENTATION, 1))
        );
    }

    private static int ColoursOf(Photometric photometric) =>
        photometric switch
        {
            Photometric.MINISWHITE or Photometric.MINISBLACK or Photometric.PALETTE => 1,
            Photometric.RGB or Photometric.YCBCR => 3,
            Photometric.SEPARATED => 4,
            _ => 0,
        };

    private static void CheckCompression(Compression compression, string name)
    {
        var isRead =
            compression
            is Compression.NONE
                or Compression.CCITTRLE
                or Compression.CCITTRLEW
                or Compression.CCITTFAX3
                or Compression.CCITTFAX4
                or Compression.LZW
                or Compression.JPEG
                or Compression.ADOBE_DEFLATE
                or Compression.DEFLATE
                or Compression.PACKBITS;
        if (!isRead)
            throw Unread(
                name,
                $"is compressed in a way that is not read ({compression})",
                "save it with LZW or deflate"
            );
    }

    private static void CheckSamples(Tiff tiff, string name, int samples, int bits)
    {
        var format = (SampleFormat)Number(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        if (format is not (SampleFormat.UINT or SampleFormat.VOID) || bits is not (1 or 2 or 4 or 8 or 16))
            throw Unread(
                name,
                $"holds values of {bits} bits{(format == SampleFormat.IEEEFP ? ", with fractions" : "")}",
                "save it with 8 or 16 bits, unsigned"
            );
        if (samples > MostSamples)
            throw Unread(name, $"holds {samples} values a pixel", "save it as RGB");
    }

    // As Pillow reads it: a fourth value of RGB that the file says nothing of is alpha.
    private static TiffAlpha AlphaOf(Tiff tiff, int samples, int colours)
    {
        if (samples == colours || colours == 4)
            return TiffAlpha.None;
        var extra = tiff.GetField(TiffTag.EXTRASAMPLES);
        if (extra is null)
            return colours == 3 && samples == 4 ? TiffAlpha.Unassociated : TiffAlpha.None;
        return (ExtraSample)extra[1].ToShortArray()[0] switch
        {
            ExtraSample.ASSOCALPHA => TiffAlpha.Associated,
            ExtraSample.UNASSALPHA => TiffAlpha.Unassociated,
            _ => TiffAlpha.None,
        };
    }

    private static byte[] PaletteOf(Tiff tiff, string name, int count)
    {
        var map = tiff.GetField(TiffTag.COLORMAP);
        if (map is null)
            throw PictureReader.Damaged(name, PictureFormat.Tiff, "its palette is missing");
        var palette = new byte[3 * count];
        for (var c = 0; c < 3; c++)
        {
            var channel = map[c].ToShortArray();
            for (var i = 0; i < count; i++)
                palette[3 * i + c] = (byte)((ushort)channel[i] >> 8);
        }

        return palette;
    }

    private static SKEncodedOrigin OriginOf(int orientation) =>
        orientation is >= 1 and <= 8 ? (SKEncodedOrigin)orientation : SKEncodedOrigin.TopLeft;

    private static int Number(Tiff tiff, TiffTag tag, int fallback) =>
        tiff.GetField(tag) is { Length: > 0 } field ? field[0].ToInt() : fallback;

    private static AuditException Unread(string name, string what, string remedy) =>
        new($"'{name}' is a TIFF file that {what}; {remedy}.");
}

/// <summary>What a sample beside the colours means.</summary>
internal enum TiffAlpha
{
    None,

    /// <summary>Colours are multiplied by it.</summary>
    Associated,

    /// <summary>Colours are as they are without it.</summary>
    Unassociated,
}
