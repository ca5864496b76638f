using System.Buffers.Binary;

namespace DasAudit.Core.Pictures.Blocks;

/// <summary>Blocks of JPEG: EXIF and XMP in APP1, IPTC in APP13, and JUMBF in APP11 (ISO/IEC 19566-5).</summary>
/// <remarks>What a picture says of itself stands before its pixels, where reading ends. No extended XMP.</remarks>
internal static class JpegBlocks
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static void Read(BlockSource file, BlockList blocks)
    {
        var manifests = new JumbfSegments();
        using var photoshop = new MemoryStream();
        file.Position = 2;
        Span<byte> length = stackalloc byte[2];
        while (NextMarker(file) is { } marker && marker is not (StartOfScan or EndOfImage))
        {
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            if (!file.TryRead(length))
                break;
            // The length counts itself.
            var size = BinaryPrimitives.ReadUInt16BigEndian(length) - length.Length;
            if (size < 0)
                break;
            var next = file.Position + size;
            if (marker is 0xE1 or 0xEB or 0xED)
                ReadSegment(file, blocks, marker, size, manifests, photoshop);
            file.Position = next;
        }

        if (photoshop.Length > 0)
            blocks.Add(BlockKind.Photoshop, "IPTC", photoshop.ToArray());
        manifests.AddTo(blocks);
    }

    // Markers may have any number of filling bytes before them.
    private static byte? NextMarker(BlockSource file)
    {
        Span<byte> one = stackalloc byte[1];
        if (!file.TryRead(one) || one[0] != 0xFF)
            return null;
        do
        {
            if (!file.TryRead(one))
                return null;
        } while (one[0] == 0xFF);
        return one[0];
    }

    private static void ReadSegment(
        BlockSource file,
        BlockList blocks,
        byte marker,
        int size,
        JumbfSegments manifests,
        MemoryStream photoshop
    )
    {
        if (blocks.Take(file, BlockKind.Text, $"segment APP{marker - 0xE0}", size) is not { } segment)
            return;
        var bytes = segment.AsSpan();
        if (marker == 0xEB)
            manifests.Add(segment);
        else if (marker == 0xED && Behind(bytes, "Photoshop 3.0\0"u8, out var resources))
            Append(photoshop, resources, blocks);
        else if (marker == 0xE1 && Behind(bytes, "http://ns.adobe.com/xap/1.0/\0"u8, out var xmp))
            blocks.Add(BlockKind.Xmp, "XMP", xmp.ToArray());
        else if (marker == 0xE1 && Behind(bytes, "Exif\0\0"u8, out var exif))
            TiffBlocks.Read(new(new MemoryStream(exif.ToArray())), blocks);
    }

    private static void Append(MemoryStream photoshop, ReadOnlySpan<byte> resources, BlockList blocks)
    {
        if (photoshop.Length + resources.Length <= BlockList.LargestText)
            photoshop.Write(resources);
        else
            blocks.AddProblem($"Its IPTC is larger than {BlockList.LargestText >> 20} MiB and was not read.");
    }

    private static bool Behind(ReadOnlySpan<byte> segment, ReadOnlySpan<byte> mark, out ReadOnlySpan<byte> rest)
    {
        var isThere = segment.StartsWith(mark);
        rest = isThere ? segment[mark.Length..] : [];
        return isThere;
    }
}
