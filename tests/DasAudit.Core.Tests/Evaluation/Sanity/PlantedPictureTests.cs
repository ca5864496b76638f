using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Evaluation.Sanity;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Evaluation.Sanity;

public sealed class PlantedPictureTests
{
    [Theory]
    [InlineData(new byte[] { 0, 10, 20, 250, 5, 5 }, new byte[] { 8, 18, 28, 255, 13, 13 })]
    [InlineData(new byte[] { 255, 250, 240, 3, 255, 255 }, new byte[] { 247, 242, 232, 0, 247, 247 })]
    public void Brightness_changes_towards_the_middle(byte[] levels, byte[] changed) =>
        Assert.Equal(changed, PlantedPicture.Brightened("a", Query(new(2, 1, levels))).Picture.Rgb);

    [Fact]
    public void A_shift_repeats_the_first_column() =>
        Assert.Equal(
            new byte[] { 1, 1, 1, 1, 1, 1, 2, 2, 2, 4, 4, 4, 4, 4, 4, 5, 5, 5 },
            PlantedPicture
                .Shifted("a", Query(new(3, 2, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])))
                .Picture.Rgb
        );

    /// <summary>They are looked at under the class that the query was.</summary>
    [Fact]
    public void Copies_have_the_class_of_the_query() =>
        Assert.Equal(3, PlantedPicture.Same("a", Query(Sets.Dot(1, 2, 3))).Metadata.Label);

    [Fact]
    public void Foreign_pictures_are_slopes_and_tiles_of_two_colours()
    {
        var slope = Foreign(0);
        var tiles = Foreign(1);

        Assert.Equal(slope.Rgb, Foreign(0).Rgb);
        Assert.NotEqual(slope.Rgb, Foreign(2).Rgb);
        Assert.Equal(2, Colours(tiles).Distinct().Count());
        Assert.True(Colours(slope).Distinct().Count() > 8);

        static IEnumerable<string> Colours(Picture picture) => picture.Rgb.Chunk(3).Select(Convert.ToHexString);
    }

    private static Picture Foreign(int number) =>
        PlantedPicture.Foreign(number, new ImageShape(3, 16, 16), PictureMetadata.None, seed: 5).Picture;

    private static AuditQuery Query(Picture picture)
    {
        var hashed = Sets.Hashed(picture);
        using var model = new TinyUnet();
        var input = KeyedPicture.Of(model, "q", hashed, label: 3);
        return new(new(0, "q", hashed, null, null!), input, new([], []), 0, Core.Candidates.BackgroundSample.None);
    }
}
