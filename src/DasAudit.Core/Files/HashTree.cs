using System.Numerics;
using System.Security.Cryptography;

namespace DasAudit.Core.Files;

/// <summary>
/// A Merkle tree as in RFC 6962 section 2.1: node = SHA-256(0x01 ‖ left ‖ right), the left subtree holds the largest
/// power of two of leaves that leaves something for the right one, and the root of nothing is SHA-256 of nothing.
/// Whoever makes leaves takes their hash over 0x00 and the content, so that no leaf can pass for a node.
/// </summary>
public static class HashTree
{
    /// <summary>SHA-256(0x00 ‖ content).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> content) => SHA256.HashData([0, .. content]);

    /// <summary>The root over leaves in their order, 32 bytes.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length == 0 ? SHA256.HashData([]) : Tree(leaves);

    /// <summary>The hashes that lead from a leaf to the root, the leaf's sibling first: an inclusion proof.</summary>
    public static IReadOnlyList<byte[]> Path(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)leaves.Length, nameof(index));
        if (leaves.Length == 1)
            return [];
        var left = LeftOf(leaves.Length);
        return index < left
            ? [.. Path(leaves[..left], index), Tree(leaves[left..])]
            : [.. Path(leaves[left..], index - left), Tree(leaves[..left])];
    }

    /// <summary>The root that a path leads to.</summary>
    /// <param name="index">The leaf's place, from 0.</param>
    /// <param name="count">Number of leaves.</param>
    /// <returns>Null where a path in such a tree has another length, or there is no such place.</returns>
    public static byte[]? RootOf(byte[] leaf, int index, int count, IReadOnlyList<byte[]> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return index < 0 || index >= count ? null : Climb(leaf, index, count, path, path.Count);
    }

    private static byte[]? Climb(byte[] leaf, int index, int count, IReadOnlyList<byte[]> path, int steps)
    {
        if (count == 1)
            return steps == 0 ? leaf : null;
        if (steps == 0)
            return null;
        var left = LeftOf(count);
        var sibling = path[steps - 1];
        if (index < left)
            return Climb(leaf, index, left, path, steps - 1) is { } onLeft ? Node(onLeft, sibling) : null;
        return Climb(leaf, index - left, count - left, path, steps - 1) is { } onRight ? Node(sibling, onRight) : null;
    }

    private static byte[] Tree(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
            return leaves[0];
        var left = LeftOf(leaves.Length);
        return Node(Tree(leaves[..left]), Tree(leaves[left..]));
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    private static int LeftOf(int count) => (int)(BitOperations.RoundUpToPowerOf2((uint)count) / 2);
}
