using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace DasAudit.Cli.Native;

internal static class ElfFile
{
    private const int HeaderLength = 64;

    /// <summary>
    /// Whether a file ends before its segments and section headers do, as after an unpacking that was broken off. The
    /// system's loader does not look: it maps the file, and the process dies of SIGBUS at the first missing page.
    /// What is no little-endian 64-bit ELF file, or a link to nowhere, is never cut short; the loader refuses it.
    /// </summary>
    public static bool IsCutShort(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return IsCutShort(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static bool IsCutShort(SafeFileHandle file)
    {
        var length = (ulong)RandomAccess.GetLength(file);
        Span<byte> header = stackalloc byte[HeaderLength];
        if (Read(file, header, 0) < HeaderLength || !header.StartsWith("\u007fELF\u0002\u0001"u8))
            return false;

        var segments = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]);
        var sections = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]);
        var (segmentLength, segmentCount) = Table(header[0x36..]);
        var (sectionLength, sectionCount) = Table(header[0x3a..]);
        var segmentsEnd = End(segments, segmentLength * segmentCount);
        var sectionsEnd = End(sections, sectionLength * sectionCount);
        if (segmentsEnd > length || sectionsEnd > length)
            return true;
        if (segmentLength < 0x38)
            return false;

        Span<byte> segment = stackalloc byte[0x38];
        for (var i = 0UL; i < segmentCount; i++)
        {
            _ = Read(file, segment, (long)(segments + i * segmentLength));
            var start = BinaryPrimitives.ReadUInt64LittleEndian(segment[0x08..]);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(segment[0x20..]);
            if (End(start, size) > length)
                return true;
        }
        return false;
    }

    private static (ulong Length, ulong Count) Table(ReadOnlySpan<byte> header) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(header), BinaryPrimitives.ReadUInt16LittleEndian(header[2..]));

    // Sums beyond 2⁶⁴ end beyond every file.
    private static ulong End(ulong start, ulong length) => start + length < start ? ulong.MaxValue : start + length;

    private static int Read(SafeFileHandle file, Span<byte> into, long offset)
    {
        var read = 0;
        while (read < into.Length)
        {
            var count = RandomAccess.Read(file, into[read..], offset + read);
            if (count == 0)
                break;
            read += count;
        }
        return read;
    }
}
