using System.Buffers.Binary;

namespace DasAudit.Core.Pictures.Blocks;

/// <summary>Joins the JUMBF boxes that JPEG's APP11 segments hold in pieces (ISO/IEC 18477-3, annex B).</summary>
internal sealed class JumbfSegments
{
    private const string Name = "C2PA manifest store";

    // CI, En and Z, then LBox and TBox, which each piece repeats.
    private const int HeadLength = 8;
    private const int BoxLength = 8;
    private const int LongBoxLength = 16;

    private readonly SortedDictionary<ushort, List<(uint Sequence, byte[] Segment)>> _boxes = [];
    private long _bytes;

    public void Add(byte[] segment)
    {
        if (segment.Length < HeadLength + BoxLength || !segment.AsSpan().StartsWith("JP"u8))
            return;
        var instance = BinaryPrimitives.ReadUInt16BigEndian(segment.AsSpan(2));
        var sequence = BinaryPrimitives.ReadUInt32BigEndian(segment.AsSpan(4));
        if (!_boxes.TryGetValue(instance, out var pieces))
            _boxes.Add(instance, pieces = []);
        _bytes += segment.Length;
        if (_bytes <= BlockList.LargestStore)
            pieces.Add((sequence, segment));
    }

    public void AddTo(BlockList blocks)
    {
        if (_bytes > BlockList.LargestStore)
        {
            blocks.AddProblem($"Its {Name} is larger than {BlockList.LargestStore >> 20} MiB and was not read.");
            return;
        }

        foreach (var pieces in _boxes.Values)
            blocks.Add(BlockKind.C2pa, Name, Joined(pieces));
    }

    private static byte[] Joined(List<(uint Sequence, byte[] Segment)> pieces)
    {
        using var box = new MemoryStream();
        foreach (var (_, segment) in pieces.OrderBy(piece => piece.Sequence))
        {
            var piece = segment.AsSpan(HeadLength);
            var repeated = BinaryPrimitives.ReadUInt32BigEndian(piece) == 1 ? LongBoxLength : BoxLength;
            box.Write(box.Length == 0 ? piece : piece[Math.Min(repeated, piece.Length)..]);
        }

        return box.ToArray();
    }
}
