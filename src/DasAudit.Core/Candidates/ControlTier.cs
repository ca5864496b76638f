using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DasAudit.Core.Candidates;

/// <summary>
/// A few random pictures among those that no other tier brought in: what an unsuspected picture scores. Each has the
/// key SHA-256(seed as little-endian int64 ‖ the query's pixel hash ‖ its index as little-endian int32); the smallest
/// keys are drawn.
/// </summary>
/// <param name="size">How many, or all that are left.</param>
/// <param name="seed">Another seed draws others.</param>
internal sealed class ControlTier(int size, long seed) : ICandidateTier
{
    public string Name => "control";

    public IEnumerable<int> Select(CandidateQuery query)
    {
        var text = new byte[8 + 32 + 4];
        BinaryPrimitives.WriteInt64LittleEndian(text, seed);
        Convert.FromHexString(query.Picture.PixelSha256).CopyTo(text, 8);
        return query
            .Items.Select(i => i.Index)
            .Where(i => !query.Chosen.Contains(i))
            .OrderBy(Key)
            .ThenBy(i => i)
            .Take(size);

        ulong Key(int index)
        {
            BinaryPrimitives.WriteInt32LittleEndian(text.AsSpan(40), index);
            return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text));
        }
    }
}
