using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

public class PngInflationTests
{
    [Theory]
    [InlineData("zTXt", "Comment\0\0")]
    [InlineData("iTXt", "Comment\0\u0001\0en\0\0")]
    [InlineData("iCCP", "profile\0\0")]
    public void A_chunk_that_becomes_larger_than_the_limit_is_noticed(string type, string before)
    {
        var file = Png(type, [.. Encoding.Latin1.GetBytes(before), .. Zipped(100_000)]);

        Assert.True(file.Length < 1000);
        Assert.True(PngInflation.Exceeds(file, 99_999));
        Assert.False(PngInflation.Exceeds(file, 100_000));
    }

    [Fact]
    public void What_is_not_compressed_damaged_or_no_PNG_file_does_not_exceed()
    {
        Assert.False(PngInflation.Exceeds(Png("tEXt", [.. "Comment\0"u8, .. Zipped(100_000)]), 10));
        Assert.False(PngInflation.Exceeds(Png("iTXt", [.. "Comment\0\0\0\0\0"u8, .. Zipped(100_000)]), 10));
        Assert.False(PngInflation.Exceeds(Png("zTXt", [.. "Comment\0\0no zlib"u8]), 10));
        Assert.False(PngInflation.Exceeds(Png("zTXt", []).AsMemory(0, 15), 10));
        Assert.False(PngInflation.Exceeds("GIF89a and more than eight bytes"u8.ToArray(), 10));
    }

    private static byte[] Png(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.Latin1.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. chunk];
    }

    private static byte[] Zipped(int length)
    {
        using var target = new MemoryStream();
        using (var zipped = new ZLibStream(target, CompressionLevel.SmallestSize))
            zipped.Write(new byte[length]);
        return target.ToArray();
    }
}
