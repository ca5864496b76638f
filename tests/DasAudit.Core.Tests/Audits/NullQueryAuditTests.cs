using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Scores tested against those for other pictures of the model, in an audit of a real network.</summary>
public sealed class NullQueryAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    public NullQueryAuditTests()
    {
        for (var i = 0; i < 6; i++)
            _folder.Write($"set/p{i}.png", TestPictures.Png(i, 8, 8));
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));

        // The audited picture itself is among them, and one twice.
        for (var i = 0; i < 5; i++)
            _folder.Write($"others/seed-{i}.png", TestPictures.Png(20 + i, 8, 8));
        _folder.Write("others/again.png", TestPictures.Png(21, 8, 8));
        _folder.Write("others/itself.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("das")]
    [InlineData("das-v")]
    [InlineData("d-trak")]
    [InlineData("pva-mini")]
    [InlineData("gradient-cosine")]
    [InlineData("ekfac")]
    [InlineData("activation-ridge")]
    [InlineData("pixel")]
    [InlineData("pixel-ridge")]
    [InlineData("clip")]
    public void P_values_are_those_of_the_scores_for_the_others(string id)
    {
        var request = Request(id);
        var report = (request with { NullQueries = "others" }).Report();
        Assert.Equal(new NullPool(NullPoolKind.Queries, 5, 1 / 6.0), report.Evidence!.NullPool);

        var alone = request.Report();
        Assert.Null(alone.Evidence!.NullPool);
        Assert.Equal(
            alone.Attributions.Select(a => (a.Item, a.Direction)),
            report.Attributions.Select(a => (a.Item, a.Direction))
        );
        foreach (var (expectation, attribution) in alone.Attributions.Zip(report.Attributions))
        {
            Assert.Equal(expectation.Score, attribution.Score, 1e-9 * Math.Abs(expectation.Score));
            Assert.Equal(
                expectation.StandardError ?? 0,
                attribution.StandardError ?? 0,
                1e-9 * Math.Abs(expectation.Score)
            );
        }

        Assert.Equal(alone.DampingCurve, report.DampingCurve);

        string[] items = [.. report.Attributions.Select(a => a.Item).Order(StringComparer.Ordinal)];
        double[] Scores(AuditReport of) =>
            [.. of.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.Score)];
        var others = Enumerable
            .Range(0, 5)
            .Select(i => Scores((request with { Images = [$"others/seed-{i}.png"] }).Report()));
        var expected = QueryPermutation.PValues(TwoWayStandardisation.ByQuery([Scores(alone), .. others]));
        Assert.Equal(expected, items.Select(item => report.Attributions.Single(a => a.Item == item).PValue!.Value));
        Assert.All(report.Attributions, a => Assert.NotNull(a.QValue));
    }

    [Fact]
    public void A_band_is_that_of_the_audited_picture()
    {
        var request = Request("das") with
        {
            Method = new() { Damping = new DasAudit.Core.Attribution.Damping.DampingBand() },
        };
        foreach (
            var (expected, item) in request
                .Report()
                .DampingBand!.Items.Zip((request with { NullQueries = "others" }).Report().DampingBand!.Items)
        )
        {
            Assert.Equal(expected.Item, item.Item);
            Assert.Equal(expected.Mean, item.Mean, 1e-9 * expected.Mean);
            Assert.Equal(expected.Spread, item.Spread, 1e-9 * expected.Mean);
        }
    }

    [Fact]
    public void A_folder_of_nothing_but_the_audited_picture_is_refused()
    {
        _folder.Write("same/copy.png", TestPictures.Png(2, 8, 8));
        Assert.Equal(
            "'same' holds no other picture than 'query.png'; give a folder of other pictures that the model generated.",
            (Request("das") with { NullQueries = "same" }).Refusal()
        );
    }

    private TestAudit Request(string id) =>
        TestAudit.Of(_folder, id) with
        {
            Encoder = _encoder,
            Gradients = TestAudit.Passes(2, 2, 128),
        };
}
