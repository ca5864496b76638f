using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>
/// One hash that stands for a whole training set: a <see cref="HashTree"/> whose leaves are the items in order. leaf =
/// SHA-256(0x00 ‖ path in UTF-8 ‖ 0x00 ‖ the 32 bytes of the item's SHA-256).
/// </summary>
public static class MerkleRoot
{
    /// <summary>The root of items in the training set's order, lower-case hexadecimal.</summary>
    public static string Compute(IReadOnlyList<TrainingItem> items) =>
        Convert.ToHexStringLower(HashTree.Root(Leaves(items)));

    private static byte[][] Leaves(IReadOnlyList<TrainingItem> items)
    {
        var leaves = new byte[items.Count][];
        Parallel.For(0, leaves.Length, i => leaves[i] = Leaf(items[i]));
        return leaves;
    }

    private static byte[] Leaf(TrainingItem item)
    {
        var path = Encoding.UTF8.GetBytes(item.Path);
        var text = new byte[path.Length + 2 + Digest.Length];
        path.CopyTo(text, 1);
        item.FileDigest.CopyTo(text.AsSpan(path.Length + 2));
        return SHA256.HashData(text);
    }
}
