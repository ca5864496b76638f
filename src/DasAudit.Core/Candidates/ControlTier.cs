using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DasAudit.Core.Candidates;

/// <summary>A few random pictures that no other tier brought in: what an unsuspected picture scores.</summary>
/// <remarks>
/// Drawn are the smallest SHA-256(seed as little-endian int64 ‖ query's pixel hash ‖ index as little-endian int32).
/// </remarks>
/// <param name="size">How many, or all that are left.</param>
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
