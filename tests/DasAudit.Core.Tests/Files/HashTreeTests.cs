using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public class HashTreeTests
{
    // The leaves of Certificate Transparency's reference tests, and their roots (C++: merkle_tree_test.cc).
    private static readonly string[] Contents =
    [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_that_of_certificate_transparency(int count, string root) =>
        Assert.Equal(root, Convert.ToHexStringLower(HashTree.Root(Leaves(count))));

    [Fact]
    public void Every_path_leads_to_the_root_from_its_own_place_alone()
    {
        for (var count = 1; count <= 8; count++)
        for (var index = 0; index < count; index++)
        {
            var leaves = Leaves(count);
            var path = HashTree.Path(leaves, index);
            var root = HashTree.Root(leaves);
            for (var place = 0; place < count; place++)
                Assert.Equal(
                    place == index,
                    root.SequenceEqual(HashTree.RootOf(leaves[index], place, count, path) ?? [])
                );
        }
    }

    [Fact]
    public void A_path_of_another_length_leads_nowhere()
    {
        var leaves = Leaves(5);
        var path = HashTree.Path(leaves, 2);
        Assert.Null(HashTree.RootOf(leaves[2], 2, 5, [.. path.SkipLast(1)]));
        Assert.Null(HashTree.RootOf(leaves[2], 2, 5, [.. path, path[0]]));
        Assert.Null(HashTree.RootOf(leaves[2], 5, 5, path));
        Assert.Null(HashTree.RootOf(leaves[2], -1, 5, path));
    }

    private static byte[][] Leaves(int count) =>
        [.. Contents.Take(count).Select(content => HashTree.Leaf(Convert.FromHexString(content)))];
}
