using System.IO.Hashing;
using System.Text;

namespace DasAudit.Evidence.Bundles;

/// <summary>
/// The one way in which parts make a zip file: in their order, not compressed, dated 1980-01-01, without attributes or
/// extra fields. So the parts decide every byte on every system, no bit can change unnoticed, and nothing can unpack
/// to more than the file has. (ZipArchive writes the system's kind and settings of its own.)
/// </summary>
internal static class StoredZip
{
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const ushort Version = 20;
    private const ushort Utf8Names = 0x0800;
    private const ushort FirstDay = 0x0021;

    internal static byte[] Write(IReadOnlyList<BundlePart> parts)
    {
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var offsets = new List<uint>();
        foreach (var part in parts)
        {
            offsets.Add((uint)file.Position);
            writer.Write(LocalSignature);
            WriteEntry(writer, part);
            writer.Write(Encoding.UTF8.GetBytes(part.Name));
            writer.Write(part.Bytes);
        }

        var start = (uint)file.Position;
        foreach (var (part, offset) in parts.Zip(offsets))
            WriteCentral(writer, part, offset);
        WriteEnd(writer, (ushort)parts.Count, (uint)file.Position - start, start);
        writer.Flush();
        return file.ToArray();
    }

    private static void WriteEntry(BinaryWriter writer, BundlePart part)
    {
        writer.Write(Version);
        writer.Write(Utf8Names);
        writer.Write((ushort)0); // stored
        writer.Write((ushort)0); // midnight
        writer.Write(FirstDay);
        writer.Write(Crc32.HashToUInt32(part.Bytes));
        writer.Write((uint)part.Bytes.Length);
        writer.Write((uint)part.Bytes.Length);
        writer.Write((ushort)Encoding.UTF8.GetByteCount(part.Name));
        writer.Write((ushort)0); // no extra field
    }

    private static void WriteCentral(BinaryWriter writer, BundlePart part, uint offset)
    {
        writer.Write(CentralSignature);
        writer.Write(Version);
        WriteEntry(writer, part);
        writer.Write((ushort)0); // no comment
        writer.Write((ushort)0); // first disk
        writer.Write((ushort)0); // internal attributes
        writer.Write(0u); // external attributes
        writer.Write(offset);
        writer.Write(Encoding.UTF8.GetBytes(part.Name));
    }

    private static void WriteEnd(BinaryWriter writer, ushort count, uint length, uint start)
    {
        writer.Write(EndSignature);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write(count);
        writer.Write(count);
        writer.Write(length);
        writer.Write(start);
        writer.Write((ushort)0);
    }
}
