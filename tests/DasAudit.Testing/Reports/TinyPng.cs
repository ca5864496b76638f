using System.Buffers.Binary;

namespace DasAudit.Testing;

/// <summary>PNG files of one colour, uncompressed, so that their bytes depend on no library.</summary>
internal static class TinyPng
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    internal static byte[] Create(byte red, byte green, byte blue, int side = 4)
    {
        var rows = Enumerable
            .Range(0, side)
            .SelectMany(_ => Enumerable.Repeat(new[] { red, green, blue }, side).SelectMany(p => p).Prepend((byte)0))
            .ToArray();
        byte[] zlib =
        [
            0x78,
            0x01,
            1,
            .. Little((ushort)rows.Length),
            .. Little((ushort)~rows.Length),
            .. rows,
            .. Big(Adler(rows)),
        ];
        byte[] header = [.. Big((uint)side), .. Big((uint)side), 8, 2, 0, 0, 0];
        return [.. Signature, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, zlib), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        return [.. Big((uint)data.Length), .. body, .. Big(Crc(body))];
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }

    private static uint Adler(byte[] data)
    {
        uint a = 1,
            b = 0;
        foreach (var d in data)
        {
            a = (a + d) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(ushort value) => [(byte)value, (byte)(value >> 8)];
}
