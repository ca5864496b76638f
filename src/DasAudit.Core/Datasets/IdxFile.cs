using System.Buffers.Binary;
using System.IO.Compression;

namespace DasAudit.Core.Datasets;

/// <summary>An IDX file of bytes: magic 00 00 08 RANK, dimensions as big-endian int32, values row-major.</summary>
internal sealed record IdxFile(int[] Dimensions, byte[] Values)
{
    private const int Chunk = 1 << 20;

    /// <summary>Reads a file, unpacking it if its bytes begin like gzip.</summary>
    public static IdxFile Read(string path, int rank)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = File.OpenRead(path);
            var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using Stream stream = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
            var header = new byte[4 + 4 * rank];
            if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
                throw Damaged(name, "it ends within its header");
            if (header is not [0, 0, 8, ..] || header[3] != rank)
                throw Damaged(name, $"it is no IDX file of bytes with {rank} dimensions");
            var dimensions = new int[rank];
            for (var i = 0; i < rank; i++)
                dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + 4 * i));
            if (dimensions.Any(d => d < 0))
                throw Damaged(name, "its header gives a negative size");
            var length = dimensions.Aggregate((Int128)1, (product, d) => product * d);
            if (length > Array.MaxLength)
                throw Damaged(name, $"its header claims {length} values, more than can be read");
            var values = ReadValues(stream, (int)length, name);
            if (packed && PackedLength(file) != (uint)(header.Length + values.Length))
                throw Damaged(name, "the packed file ends too early");
            return new IdxFile(dimensions, values);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(name, "it cannot be unpacked", e);
        }
    }

    private static byte[] ReadValues(Stream stream, int length, string name)
    {
        // Grown as the data comes: a header may claim gigabytes that are not there.
        var values = new byte[Math.Min(length, Chunk)];
        for (var have = 0; have < length; )
        {
            if (have == values.Length)
                Array.Resize(ref values, (int)Math.Min(length, values.Length * 2L));
            var read = stream.Read(values, have, values.Length - have);
            if (read == 0)
                throw Damaged(name, $"it holds {have} of the {length} values that its header gives");
            have += read;
        }

        // Reading on to the end also makes gzip check its checksum.
        if (stream.ReadByte() >= 0)
            throw Damaged(name, $"it holds more than the {length} values that its header gives");
        return values;
    }

    /// <summary>The unpacked length, with which a gzip file ends; the unpacker does not look at it.</summary>
    private static uint PackedLength(FileStream file)
    {
        var trailer = new byte[4];
        file.Position = Math.Max(0, file.Length - trailer.Length);
        file.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }

    private static AuditException Damaged(string name, string how, Exception? inner = null) =>
        new($"'{name}' is damaged or no IDX file: {how}; fetch it again.", inner);
}
