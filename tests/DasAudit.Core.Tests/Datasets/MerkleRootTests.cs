using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

public sealed class MerkleRootTests
{
    private static TrainingItem Item(int index, string path, string? content = null) =>
        new()
        {
            Index = index,
            Path = path,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content ?? path))),
            PixelSha256 = new string('0', 64),
            Width = 1,
            Height = 1,
        };

    private static byte[] Leaf(TrainingItem item) =>
        SHA256.HashData([0, .. Encoding.UTF8.GetBytes(item.Path), 0, .. Convert.FromHexString(item.Sha256)]);

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    [Fact]
    public void The_tree_is_that_of_RFC_6962()
    {
        var items = Enumerable.Range(0, 7).Select(i => Item(i, $"é{i}.png")).ToList();
        var l = items.Select(Leaf).ToArray();
        var root = Node(Node(Node(l[0], l[1]), Node(l[2], l[3])), Node(Node(l[4], l[5]), l[6]));
        Assert.Equal(Convert.ToHexStringLower(root), MerkleRoot.Compute(items));
        Assert.Equal(Convert.ToHexStringLower(l[0]), MerkleRoot.Compute(items[..1]));
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", MerkleRoot.Compute([]));
    }

    [Fact]
    public void A_renamed_changed_added_or_moved_picture_changes_the_root()
    {
        var (a, b, c) = (Item(0, "a"), Item(1, "b"), Item(2, "c"));
        string[] roots =
        [
            MerkleRoot.Compute([a, b, c]),
            MerkleRoot.Compute([a, b]),
            MerkleRoot.Compute([a, b, c, c]),
            MerkleRoot.Compute([b, a, c]),
            MerkleRoot.Compute([a, b, Item(2, "d", "c")]),
            MerkleRoot.Compute([a, b, Item(2, "c", "d")]),
        ];
        Assert.Distinct(roots);
    }
}
