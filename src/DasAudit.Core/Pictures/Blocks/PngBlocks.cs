using System.IO.Compression;

namespace DasAudit.Core.Pictures.Blocks;

/// <summary>Blocks of PNG: <c>eXIf</c>, texts and <c>caBX</c> (C2PA specification, A.3).</summary>
internal static class PngBlocks
{
    private const int SignatureLength = 8;
    private const int ChecksumLength = 4;
    private const string Xmp = "XML:com.adobe.xmp";

    // Keywords of the PNG specification that say whose a picture is.
    private static readonly string[] Keywords = ["Copyright", "Author"];

    private static readonly uint Exif = BlockSource.Type("eXIf"u8);
    private static readonly uint Manifests = BlockSource.Type("caBX"u8);
    private static readonly uint End = BlockSource.Type("IEND"u8);
    private static readonly uint PlainText = BlockSource.Type("tEXt"u8);
    private static readonly uint PackedText = BlockSource.Type("zTXt"u8);
    private static readonly uint WorldText = BlockSource.Type("iTXt"u8);

    public static void Read(BlockSource file, BlockList blocks)
    {
        file.Position = SignatureLength;
        while (file.TryReadChunk(lengthFirst: true, out var length, out var type) && type != End)
        {
            var next = file.Position + length + ChecksumLength;
            if (type == Exif)
                ReadExif(file, blocks, length);
            else if (type == Manifests)
                ReadManifests(file, blocks, length);
            else if (type == PlainText || type == PackedText || type == WorldText)
                ReadText(file, blocks, type, length);
            file.Position = next;
        }
    }

    private static void ReadExif(BlockSource file, BlockList blocks, uint length)
    {
        if (blocks.Take(file, BlockKind.Text, "EXIF", length) is { } bytes)
            TiffBlocks.Read(new(new MemoryStream(bytes)), blocks);
    }

    private static void ReadManifests(BlockSource file, BlockList blocks, uint length)
    {
        if (blocks.Take(file, BlockKind.C2pa, "C2PA manifest store", length) is { } bytes)
            blocks.Add(BlockKind.C2pa, "C2PA manifest store", bytes);
    }

    private static void ReadText(BlockSource file, BlockList blocks, uint type, uint length)
    {
        // The keyword decides whether the rest is worth reading.
        var start = file.Position;
        Span<byte> head = stackalloc byte[Xmp.Length + 1];
        head = head[..(int)Math.Min(head.Length, Math.Min(length, file.Left))];
        file.TryRead(head);
        var end = head.IndexOf((byte)0);
        var keyword = end < 0 ? "" : System.Text.Encoding.Latin1.GetString(head[..end]);
        var isXmp = keyword == Xmp;
        if (!isXmp && !Keywords.Contains(keyword))
            return;
        file.Position = start;
        var name = isXmp ? "XMP" : $"PNG text {keyword}";
        if (blocks.Take(file, BlockKind.Text, name, length) is not { } bytes)
            return;
        if (Unpacked(bytes.AsMemory(end + 1), type) is { } text)
            blocks.Add(isXmp ? BlockKind.Xmp : BlockKind.Text, name, text);
        else
            blocks.AddProblem($"Its {name} is damaged, or larger than {BlockList.LargestText >> 20} MiB unpacked.");
    }

    private static byte[]? Unpacked(ReadOnlyMemory<byte> text, uint type)
    {
        if (type == PlainText)
            return text.ToArray();
        if (type == PackedText)
            return text.Length > 0 ? Inflated(text[1..]) : null;
        // Behind the keyword: whether it is packed, how, the language, and the keyword in that language.
        if (text.Length < 2)
            return null;
        var isPacked = text.Span[0] == 1;
        text = text[2..];
        for (var i = 0; i < 2; i++)
        {
            var end = text.Span.IndexOf((byte)0);
            if (end < 0)
                return null;
            text = text[(end + 1)..];
        }

        return isPacked ? Inflated(text) : text.ToArray();
    }

    private static byte[]? Inflated(ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var source = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            using var text = new MemoryStream();
            var buffer = new byte[1 << 14];
            for (int read; (read = source.Read(buffer)) > 0; )
            {
                text.Write(buffer, 0, read);
                if (text.Length > BlockList.LargestText)
                    return null;
            }

            return text.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
