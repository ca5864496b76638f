using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Tests.Candidates;

namespace DasAudit.Core.Tests.Datasets;

public sealed class PicturePoolTests
{
    private static readonly TrainingSet Members = Sets.Of(Sets.Dot(1, 0, 0), Sets.Dot(2, 0, 0), Sets.Dot(3, 0, 0));
    private static readonly TrainingSet Decoys = Sets.Of(Sets.Dot(4, 0, 0), Sets.Dot(5, 0, 0));

    [Fact]
    public void Members_come_first_and_decoys_are_numbered_on()
    {
        var pool = PicturePool.Of(Members, Decoys, "'unseen'");

        Assert.Same(Members, pool.Members);
        Assert.Same(Decoys, pool.Decoys);
        Assert.Equal(Enumerable.Range(0, 5), pool.Items.Select(item => item.Index));
        Assert.Equal(Members.Items, pool.Items.Take(3));
        Assert.Equal(["decoys/00000.png", "decoys/00001.png"], pool.Items.Skip(3).Select(item => item.Path));
        Assert.Equal(
            Decoys.Items.Select(item => item.PixelSha256),
            pool.Items.Skip(3).Select(item => item.PixelSha256)
        );
    }

    [Fact]
    public void It_tells_members_from_decoys()
    {
        var pool = PicturePool.Of(Members, Decoys, "'unseen'");

        Assert.Equal([true, true, true, false, false], pool.Items.Select(pool.IsMember));
    }

    [Fact]
    public void Each_picture_is_read_from_its_own_set()
    {
        var pool = PicturePool.Of(Members, Decoys, "'unseen'");

        Assert.Equal([1, 2, 3, 4, 5], pool.Items.Select(item => (int)pool.Read(item).Rgb[0]));
    }

    [Fact]
    public void Without_decoys_it_is_the_training_set()
    {
        var pool = PicturePool.Of(Members);

        Assert.Null(pool.Decoys);
        Assert.Equal(Members.Items, pool.Items);
        Assert.All(pool.Items, item => Assert.True(pool.IsMember(item)));
        Assert.Equal([1, 2, 3], pool.Items.Select(item => (int)pool.Read(item).Rgb[0]));
        Assert.Throws<ArgumentException>(() => pool.Read(Members.Items[0] with { Index = 3 }));
    }

    [Fact]
    public void A_decoy_that_is_a_member_pixel_for_pixel_is_refused() =>
        Assert.Equal(
            "The decoy '00001.png' is the training picture '00002.png'; decoys must be pictures that the model never "
                + "saw, so take it out of 'unseen'.",
            Assert
                .Throws<AuditException>(() =>
                    PicturePool.Of(Members, Sets.Of(Sets.Dot(9, 0, 0), Sets.Dot(3, 0, 0)), "'unseen'")
                )
                .Message
        );

    [Fact]
    public void The_root_of_a_set_is_that_of_its_items() =>
        Assert.Equal(MerkleRoot.Compute(Members.Items), Members.Root);
}
