using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DasAudit.Evidence.Queries;

/// <summary>
/// One record of the chain in the index, little-endian: length of the frame (4 bytes), sequence number (8), the
/// record's hash (32), <see cref="Nothing"/> or <see cref="Report"/> (1), for a report what an
/// <see cref="IndexedReport"/> reads, XXH3 of all before (8), the length again (4).
/// </summary>
internal static class IndexFrame
{
    internal const byte Nothing = 0;
    internal const byte Report = 1;

    /// <summary>Where the part begins that an <see cref="IndexedReport"/> reads.</summary>
    internal const int HeadLength = 4 + 8 + HashLength + 1;
    internal const int HashLength = 32;
    internal const int TailLength = 8 + 4;
    internal const int Shortest = HeadLength + TailLength;

    /// <summary>No frame is longer: the largest report has fewer groups and pictures than this holds.</summary>
    internal const int Longest = 64 << 20;

    private const int SequenceOffset = 4;
    private const int HashOffset = SequenceOffset + 8;
    private const int KindOffset = HashOffset + HashLength;

    /// <summary>Makes a frame.</summary>
    /// <param name="recordHash">Hash of the record, 64 digits.</param>
    /// <param name="report">The report that the record is about; null if it is about something else.</param>
    internal static byte[] Make(long sequence, string recordHash, AuditReport? report)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(0);
        writer.Write(sequence);
        writer.Write(Convert.FromHexString(recordHash));
        writer.Write(report is null ? Nothing : Report);
        if (report is not null)
            IndexedReport.Write(writer, report);
        writer.Flush();
        var frame = new byte[bytes.Length + TailLength];
        bytes.GetBuffer().AsSpan(0, (int)bytes.Length).CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(frame.Length - TailLength), Checksum(frame));
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(frame.Length - 4), frame.Length);
        return frame;
    }

    /// <summary>Whether these bytes are a frame as it was written.</summary>
    internal static bool IsSound(ReadOnlySpan<byte> frame) =>
        frame.Length >= Shortest
        && Length(frame) == frame.Length
        && Length(frame[^4..]) == frame.Length
        && BinaryPrimitives.ReadUInt64LittleEndian(frame[^TailLength..]) == Checksum(frame)
        && frame[KindOffset] <= Report;

    internal static int Length(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32LittleEndian(frame);

    internal static long Sequence(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadInt64LittleEndian(frame[SequenceOffset..]);

    internal static ReadOnlySpan<byte> RecordHash(ReadOnlySpan<byte> frame) => frame.Slice(HashOffset, HashLength);

    internal static bool IsReport(ReadOnlySpan<byte> frame) => frame[KindOffset] == Report;

    private static ulong Checksum(ReadOnlySpan<byte> frame) => XxHash3.HashToUInt64(frame[..^TailLength]);
}
