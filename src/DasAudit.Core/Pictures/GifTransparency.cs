namespace DasAudit.Core.Pictures;

/// <summary>Removes the transparency of a GIF file's first frame, so that the colours under it come to light.</summary>
internal static class GifTransparency
{
    private const int HeaderLength = 13;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xf9;
    private const byte TransparentFlag = 1;

    /// <summary>A copy in which no colour is transparent in the first frame; null if none is in the file.</summary>
    public static byte[]? Remove(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength)
            return null;
        var at = HeaderLength + PaletteLength(file[10]);
        while (at + 4 < file.Length && file[at] == Extension)
        {
            if (file[at + 1] == GraphicControl && (file[at + 3] & TransparentFlag) != 0)
            {
                var copy = file.ToArray();
                copy[at + 3] &= unchecked((byte)~TransparentFlag);
                return copy;
            }

            at = AfterBlocks(file, at + 2);
        }

        return null;
    }

    private static int PaletteLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    // Each block is as long as its first byte says; an empty one ends them.
    private static int AfterBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
            at += 1 + file[at];
        return at + 1;
    }
}
