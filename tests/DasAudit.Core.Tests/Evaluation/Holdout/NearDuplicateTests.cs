using DasAudit.Core.Diffusion;
using DasAudit.Core.Evaluation.Holdout;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Evaluation.Holdout;

public sealed class NearDuplicateTests
{
    private static readonly (int X, int Y)[] Moves = [(1, 0), (-1, 0), (0, 1), (0, -1)];

    [Fact]
    public void It_is_the_picture_moved_by_a_pixel_and_a_little_brighter_or_darker()
    {
        var picture = new Picture(4, 4, [.. Enumerable.Range(0, 48).Select(i => (byte)(50 + i * i % 97))]);
        var seen = new HashSet<(int, (int, int))>();
        for (var number = 0; number < 50; number++)
        {
            var copy = NearDuplicate.Of(picture, new NoiseSource(3), number);
            seen.Add(Assert.Single(Changes(picture, copy)));
            Assert.Equal(copy.Rgb, NearDuplicate.Of(picture, new NoiseSource(3), number).Rgb);
        }

        Assert.All(seen, change => Assert.InRange(Math.Abs(change.Item1), 1, 8));
        Assert.Equal(Moves.Order(), seen.Select(change => change.Item2).Distinct().Order());
        Assert.True(seen.Count > 20);
    }

    [Fact]
    public void Values_stay_within_what_a_picture_can_hold()
    {
        var white = new Picture(2, 2, [.. Enumerable.Repeat((byte)255, 12)]);
        var copies = Enumerable.Range(0, 20).Select(number => NearDuplicate.Of(white, new NoiseSource(3), number));
        Assert.All(copies, copy => Assert.All(copy.Rgb, value => Assert.InRange(value, 247, 255)));
    }

    // The shift and move that explain the inner pixels.
    private static IEnumerable<(int, (int, int))> Changes(Picture picture, Picture copy) =>
        from move in Moves
        from shift in Enumerable.Range(-8, 17)
        where
            (
                from y in Enumerable.Range(1, 2)
                from x in Enumerable.Range(1, 2)
                from c in Enumerable.Range(0, 3)
                select copy.Rgb[3 * (y * 4 + x) + c] == picture.Rgb[3 * ((y - move.Y) * 4 + x - move.X) + c] + shift
            ).All(equal => equal)
        select (shift, move);
}
