using DasAudit.Abstractions;
using DasAudit.Core.Features.Store;

namespace DasAudit.Core.Tests.Features.Store;

public class FeaturePartTests
{
    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("-1/2")]
    [InlineData("a/b")]
    [InlineData("")]
    public void What_is_no_part_is_refused(string text) =>
        Assert.Equal(
            $"'{text}' is no part of a whole; write I/N with I from 1 to N, such as 1/4.",
            Assert.Throws<AuditException>(() => FeaturePart.Parse(text)).Message
        );

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 300)]
    [InlineData(4, 1000)]
    [InlineData(7, 64)]
    public void Parts_are_whole_blocks_and_together_everything_once(int count, int pictures)
    {
        var all = Enumerable.Range(0, pictures).Select(Keyed).ToList();
        var parts = Enumerable
            .Range(1, count)
            .Select(i => FeaturePart.Parse($"{i}/{count}").Of([.. all, all[0], .. all.Take(70)]))
            .ToList();
        Assert.Equal(all.OrderBy(p => p.Key.ToString()), parts.SelectMany(part => part).OrderBy(p => p.Key.ToString()));
        foreach (var (i, part) in parts.Index())
            Assert.Equal(all.Where((_, position) => position / 64 % count == i), part);
    }

    private static KeyedPicture Keyed(int i) => new(Samples.Key(i), new($"{i}", () => []));
}
