using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Tests.Pictures.Statements;

/// <summary>Damage and malice: one problem, no exception, no large allocation, no long wait.</summary>
public static class MalformedBlocksTests
{
    private const long MostAllocated = 64L << 20;

    private static readonly byte[] Store = ManifestStores.Store(
        "c2pa.training-mining",
        ("c2pa.ai_training", "notAllowed", null)
    );

    public static TheoryData<string, byte[], string> Files =>
        new()
        {
            { "a box of a length beyond the end", Chunk([.. Big(100), .. "jumb"u8, 1, 2, 3]), "a box is cut short" },
            { "a box shorter than its head", Chunk([.. Big(7), .. "jumb"u8, 1]), "a box is cut short" },
            { "a box of 2^63 bytes", Chunk(Long(1UL << 63)), "a box is cut short" },
            { "a box of 2^64 - 1 bytes", Chunk(Long(ulong.MaxValue)), "a box is cut short" },
            { "a long box shorter than its head", Chunk(Long(15)), "a box is cut short" },
            { "a long box without its length", Chunk([.. Big(1), .. "jumb"u8]), "a box is cut short" },
            {
                "a box in a box of a wrong length",
                Chunk(ManifestStores.Superbox("c2pa", "c2pa", [.. Big(99), .. "jumb"u8])),
                "a box is cut short"
            },
            { "CBOR that is cut short", Assertion([0xA1, 0x67]), "cannot be read" },
            { "CBOR of 2^63 members", Assertion([0xBB, 0x80, 0, 0, 0, 0, 0, 0, 0]), "cannot be read" },
            {
                "CBOR of a text of 2^64 - 1 bytes",
                Assertion([0xA1, 0x7B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
                "cannot be read"
            },
            {
                "CBOR of arrays in arrays",
                Assertion([0xA1, 0x61, (byte)'a', .. Enumerable.Repeat((byte)0x81, 60_000)]),
                "cannot be read"
            },
            {
                "CBOR of arrays without end",
                Assertion([0xA1, 0x61, (byte)'a', .. Enumerable.Repeat((byte)0x9F, 60_000)]),
                "cannot be read"
            },
            {
                "CBOR of tags on tags",
                Assertion([0xA1, 0x61, (byte)'a', .. Enumerable.Repeat((byte)0xC1, 60_000)]),
                "cannot be read"
            },
            { "CBOR of keys without texts", Assertion([0xA2, 0x01, 0x02, 0x80, 0x80]), "cannot be read" },
            { "CBOR that is no map", Assertion([0x01]), "cannot be read" },
            {
                "CBOR of many entries",
                Assertion(
                    ManifestStores.Uses([.. Enumerable.Range(0, 50).Select(i => ($"u{i}", "allowed", (string?)null))])
                ),
                "cannot be read"
            },
            {
                "CBOR that is too long",
                Assertion([0xA1, 0x61, (byte)'a', 0x5A, .. Big(70_000), .. new byte[70_000]]),
                "cannot be read"
            },
            {
                "an assertion without content",
                Chunk(ManifestStores.Store([ManifestStores.Superbox("cbor", "c2pa.training-mining")])),
                "cannot be read"
            },
            { "no bytes of CBOR", Assertion([]), "cannot be read" },
            {
                "a chunk of C2PA that is cut short",
                MarkedPictures.Png(1, [.. Big(int.MaxValue), .. "caBX"u8]),
                "manifest store is cut short"
            },
            {
                "a chunk of EXIF that is cut short",
                MarkedPictures.Png(1, [.. Big(-1), .. "eXIf"u8]),
                "EXIF is cut short"
            },
            {
                "XMP that is cut short",
                MarkedPictures.Jpeg(1, MarkedPictures.Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta"u8)),
                "Its XMP cannot be read"
            },
            {
                "XMP of entities",
                Xmp("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"),
                "Its XMP cannot be read"
            },
            {
                "XMP of a file elsewhere",
                Xmp("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"),
                "Its XMP cannot be read"
            },
            {
                "XMP in XMP",
                Xmp(
                    MarkedPictures.Xmp(
                        string.Concat(Enumerable.Repeat("<dc:a rdf:parseType='Resource'>", 20_000))
                            + string.Concat(Enumerable.Repeat("</dc:a>", 20_000))
                    )
                ),
                "nested too deep"
            },
            {
                "XMP of many parts",
                Xmp(MarkedPictures.Xmp(string.Concat(Enumerable.Repeat("<dc:a/>", 300_000)))),
                "too many parts"
            },
            {
                "a packed text that becomes huge",
                MarkedPictures.Png(1, MarkedPictures.Chunk("zTXt", [.. "Copyright\0\0"u8, .. Bomb()])),
                "larger than 4 MiB unpacked"
            },
            {
                "a packed text that is none",
                MarkedPictures.Png(1, MarkedPictures.Chunk("zTXt", "Copyright\0\0xx"u8)),
                "is damaged"
            },
            {
                "an international text without its parts",
                MarkedPictures.Png(1, MarkedPictures.Chunk("iTXt", "XML:com.adobe.xmp\0\0\0"u8)),
                "is damaged"
            },
            {
                "EXIF of a text beyond the end",
                MarkedPictures.WebP(1, MarkedPictures.RiffChunk("EXIF", ExifTo(uint.MaxValue - 5, 100))),
                "EXIF Copyright is cut short"
            },
            {
                "EXIF of a text of 4 GiB",
                MarkedPictures.WebP(1, MarkedPictures.RiffChunk("EXIF", ExifTo(8, uint.MaxValue))),
                "EXIF Copyright is cut short"
            },
            {
                "a resource of Photoshop beyond the end",
                MarkedPictures.Jpeg(
                    1,
                    MarkedPictures.Segment(0xED, [.. "Photoshop 3.0\08BIM"u8, 4, 4, 0, 0, .. Big(-1), 0, 0, 0, 0])
                ),
                "resources are damaged"
            },
            {
                "a name of Photoshop beyond the end",
                MarkedPictures.Jpeg(
                    1,
                    MarkedPictures.Segment(0xED, [.. "Photoshop 3.0\08BIM"u8, 4, 4, 255, 0, .. Big(0), 0, 0])
                ),
                "resources are damaged"
            },
            {
                "a record of IPTC beyond the end",
                MarkedPictures.Jpeg(
                    1,
                    MarkedPictures.Segment(
                        0xED,
                        [.. "Photoshop 3.0\08BIM"u8, 4, 4, 0, 0, .. Big(5), 0x1C, 2, 116, 0x80, 4]
                    )
                ),
                "IPTC is cut short"
            },
            {
                "many blocks",
                MarkedPictures.Png(
                    1,
                    [.. Enumerable.Range(0, 5000).Select(_ => MarkedPictures.Chunk("tEXt", "Copyright\0a"u8))]
                ),
                "more than 64 blocks"
            },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public static void Damage_is_one_problem(string what, byte[] file, string problem)
    {
        Assert.NotEmpty(what);
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = StatementReader.Read(new MemoryStream(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        Assert.Contains(problem, Assert.Single(read.Problems), StringComparison.Ordinal);
        Assert.EndsWith(".", read.Problems[0], StringComparison.Ordinal);
        Assert.Empty(read.Signals);
    }

    [Fact]
    public static void A_length_of_0_reaches_to_the_end()
    {
        byte[] store = [0, 0, 0, 0, .. Store[4..]];
        Assert.Single(StatementReader.Read(new MemoryStream(Chunk(store))).Signals);
    }

    [Fact]
    public static void A_store_may_have_a_length_of_64_bits()
    {
        byte[] store = [.. Long((ulong)Store.Length + 8), .. Store[8..]];
        Assert.Single(StatementReader.Read(new MemoryStream(Chunk(store))).Signals);
    }

    [Fact]
    public static void A_huge_store_is_not_taken_into_memory()
    {
        byte[] start = [.. TestPictures.Png()[..33], .. Big(1 << 30), .. "caBX"u8];
        using var file = new SparseStream(start, 2L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = StatementReader.Read(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("larger than 32 MiB", Assert.Single(read.Problems), StringComparison.Ordinal);
    }

    /// <summary>Every prefix of good files, and good files with bytes changed.</summary>
    [Fact]
    public static void Files_that_are_cut_or_changed_anywhere_are_read_without_an_exception()
    {
        byte[][] files =
        [
            MarkedPictures.Jpeg(
                1,
                [
                    .. ManifestStores.Segments(Store, 100),
                    MarkedPictures.ExifSegment("© Ann"),
                    MarkedPictures.IptcSegment(116, "Ann"),
                ]
            ),
            MarkedPictures.Png(
                1,
                MarkedPictures.Chunk("caBX", Store),
                MarkedPictures.Chunk("eXIf", MarkedPictures.Exif("© Ann"))
            ),
            MarkedPictures.WebP(
                1,
                MarkedPictures.RiffChunk("C2PA", Store),
                MarkedPictures.RiffChunk("EXIF", MarkedPictures.Exif("© Ann"))
            ),
        ];
        var random = new Random(1);
        foreach (var file in files)
        {
            Assert.NotEmpty(StatementReader.Read(new MemoryStream(file)).Signals);
            for (var length = 0; length < file.Length; length++)
                StatementReader.Read(new MemoryStream(file, 0, length));
            for (var i = 0; i < 3000; i++)
            {
                var changed = file.ToArray();
                for (var j = 0; j <= i % 4; j++)
                    changed[random.Next(changed.Length)] = (byte)(random.Next(4) == 0 ? 0xFF : random.Next(256));
                StatementReader.Read(new MemoryStream(changed));
            }
        }
    }

    private static byte[] Chunk(byte[] store) => MarkedPictures.Png(1, MarkedPictures.Chunk("caBX", store));

    private static byte[] Assertion(byte[] cbor) =>
        Chunk(ManifestStores.Store([ManifestStores.Assertion("c2pa.training-mining", cbor)]));

    private static byte[] Xmp(string packet) =>
        MarkedPictures.Png(
            1,
            MarkedPictures.Chunk("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Encoding.UTF8.GetBytes(packet)])
        );

    private static byte[] Big(int value) => MarkedPictures.Big32(value);

    private static byte[] Long(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, length);
        return [.. Big(1), .. "jumb"u8, .. bytes];
    }

    private static byte[] ExifTo(uint offset, uint length)
    {
        var exif = MarkedPictures.Exif("© Ann");
        BinaryPrimitives.WriteUInt32BigEndian(exif.AsSpan(14), length);
        BinaryPrimitives.WriteUInt32BigEndian(exif.AsSpan(18), offset);
        return exif;
    }

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (
            var stream = new System.IO.Compression.ZLibStream(
                packed,
                System.IO.Compression.CompressionLevel.SmallestSize
            )
        )
            for (var i = 0; i < 64; i++)
                stream.Write(new byte[1 << 20]);
        return packed.ToArray();
    }

    /// <summary>A file with some first bytes, and nothing behind them.</summary>
    private sealed class SparseStream(byte[] start, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, Math.Max(0, length - Position));
            for (var i = 0; i < count; i++)
                buffer[i] = Position + i < start.Length ? start[Position + i] : (byte)0;
            Position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }
    }
}
