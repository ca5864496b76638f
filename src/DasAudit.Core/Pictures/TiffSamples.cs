using BitMiracle.LibTiff.Classic;

namespace DasAudit.Core.Pictures;

/// <summary>Reads the samples of a TIFF page, one byte each and interleaved, from strips or tiles.</summary>
internal sealed class TiffSamples
{
    private readonly Tiff _tiff;
    private readonly TiffLayout _layout;
    private readonly byte[] _samples;

    private TiffSamples(Tiff tiff, TiffLayout layout)
    {
        _tiff = tiff;
        _layout = layout;
        _samples = new byte[checked(layout.Width * layout.Height * layout.Samples)];
    }

    // Where planes are separate, each region holds one sample a pixel.
    private int SamplesOfRegion => _layout.IsSeparate ? 1 : _layout.Samples;

    private int Planes => _layout.IsSeparate ? _layout.Samples : 1;

    /// <summary>Values of up to 8 bits as they are, the high byte of 16; null where LibTiff finds damage.</summary>
    public static byte[]? Read(Tiff tiff, TiffLayout layout, string name, long pixelLimit)
    {
        // Colours that JPEG stores as brightness and differences come as RGB.
        if (layout.Photometric == Photometric.YCBCR)
            tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
        var reader = new TiffSamples(tiff, layout);
        var isRead = tiff.IsTiled() ? reader.ReadTiles(name, pixelLimit) : reader.ReadRows();
        return isRead ? reader._samples : null;
    }

    private bool ReadRows()
    {
        var row = new byte[_tiff.ScanlineSize()];
        if (row.Length < BytesOf(_layout.Width))
            return false;
        for (var plane = 0; plane < Planes; plane++)
        {
            for (var y = 0; y < _layout.Height; y++)
            {
                if (!_tiff.ReadScanline(row, y, (short)plane))
                    return false;
                Unpack(row, y, 0, _layout.Width, plane);
            }
        }

        return true;
    }

    private bool ReadTiles(string name, long pixelLimit)
    {
        var width = _tiff.GetField(TiffTag.TILEWIDTH)[0].ToInt();
        var height = _tiff.GetField(TiffTag.TILELENGTH)[0].ToInt();
        PictureReader.CheckSize(name, width, height, pixelLimit);
        var tile = new byte[_tiff.TileSize()];
        var rowLength = BytesOf(width);
        if (width <= 0 || height <= 0 || tile.Length < (long)rowLength * height)
            return false;
        for (var plane = 0; plane < Planes; plane++)
        {
            for (var top = 0; top < _layout.Height; top += height)
            {
                for (var left = 0; left < _layout.Width; left += width)
                {
                    if (_tiff.ReadTile(tile, 0, left, top, 0, (short)plane) < 0)
                        return false;
                    var rows = Math.Min(height, _layout.Height - top);
                    var columns = Math.Min(width, _layout.Width - left);
                    for (var y = 0; y < rows; y++)
                        Unpack(tile.AsSpan(y * rowLength, rowLength), top + y, left, columns, plane);
                }
            }
        }

        return true;
    }

    private int BytesOf(int columns) => (int)(((long)columns * SamplesOfRegion * _layout.Bits + 7) / 8);

    private void Unpack(ReadOnlySpan<byte> packed, int y, int left, int columns, int plane)
    {
        var count = columns * SamplesOfRegion;
        var step = _layout.IsSeparate ? _layout.Samples : 1;
        var target = (y * _layout.Width + left) * _layout.Samples + plane;
        for (var i = 0; i < count; i++, target += step)
            _samples[target] = Sample(packed, i);
    }

    private byte Sample(ReadOnlySpan<byte> packed, int i)
    {
        switch (_layout.Bits)
        {
            case 8:
                return packed[i];
            case 16:
                // LibTiff puts the bytes in this machine's order.
                return packed[BitConverter.IsLittleEndian ? 2 * i + 1 : 2 * i];
            default:
                var bits = _layout.Bits;
                var bit = i * bits;
                return (byte)((packed[bit / 8] >> (8 - bits - bit % 8)) & ((1 << bits) - 1));
        }
    }
}
