namespace DasAudit.Core.Pictures.Blocks;

/// <summary>Blocks of WebP: <c>EXIF</c>, <c>XMP </c> and <c>C2PA</c> chunks of the RIFF file.</summary>
internal static class WebPBlocks
{
    private const int HeaderLength = 12;

    private static readonly uint Exif = BlockSource.Type("EXIF"u8);
    private static readonly uint Xmp = BlockSource.Type("XMP "u8);
    private static readonly uint Manifests = BlockSource.Type("C2PA"u8);

    public static void Read(BlockSource file, BlockList blocks)
    {
        file.Position = HeaderLength;
        while (file.TryReadChunk(lengthFirst: false, out var length, out var type))
        {
            // Chunks begin at even places.
            var next = file.Position + length + (length & 1);
            if (type == Exif && blocks.Take(file, BlockKind.Text, "EXIF", length) is { } exif)
                ReadExif(exif, blocks);
            else if (type == Xmp && blocks.Take(file, BlockKind.Xmp, "XMP", length) is { } xmp)
                blocks.Add(BlockKind.Xmp, "XMP", xmp);
            else if (type == Manifests && blocks.Take(file, BlockKind.C2pa, "C2PA manifest store", length) is { } store)
                blocks.Add(BlockKind.C2pa, "C2PA manifest store", store);
            file.Position = next;
        }
    }

    // Some programs write JPEG's mark before it.
    private static void ReadExif(byte[] bytes, BlockList blocks)
    {
        var offset = bytes.AsSpan().StartsWith("Exif\0\0"u8) ? 6 : 0;
        TiffBlocks.Read(new(new MemoryStream(bytes, offset, bytes.Length - offset)), blocks);
    }
}
