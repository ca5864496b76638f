using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Pictures in the kernel that are no candidates, in an audit of a real network.</summary>
public sealed class BackgroundAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    public BackgroundAuditTests()
    {
        _folder.WritePictures("set", 0, 12);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("das")]
    [InlineData("das-loo")]
    [InlineData("das-v")]
    [InlineData("d-trak")]
    [InlineData("relative-if")]
    [InlineData("datainf")]
    [InlineData("activation-ridge")]
    public void With_all_others_in_it_the_kernel_is_that_of_the_whole_dataset(string id)
    {
        var alone = Request(id, limit: 4).Report();
        var whole = Request(id, limit: null).Report();
        var report = (Request(id, limit: 4) with { Background = 1000 }).Report();
        Assert.Equal(4, report.Candidates.Count);
        Assert.Equal(4, report.Attributions.Count);
        Assert.Equal((8, null, null), (report.Method.Background, alone.Method.Background, whole.Method.Background));
        Assert.Contains(
            "The kernel holds every training picture; those that were not candidates were not scored.",
            report.Limits
        );
        Assert.Equal(
            report.Attributions.Select(a => a.Score),
            (Request(id, limit: 4) with { Background = null }).Report().Attributions.Select(a => a.Score)
        );
        foreach (var attribution in report.Attributions)
        {
            var expected = Score(whole, attribution.Item);
            Assert.Equal(expected, attribution.Score, 1e-8 * Math.Abs(expected));
            Assert.NotEqual(expected, Score(alone, attribution.Item), 1e-3 * Math.Abs(expected));
        }
    }

    [Fact]
    public void A_part_of_the_others_stands_for_all_of_them()
    {
        var report = (Request("das", limit: 4) with { Background = 3 }).Report();
        Assert.Equal(3, report.Method.Background);
        Assert.Equal(4, report.Candidates.Count);
        Assert.Contains(
            "The kernel also holds 3 of the 8 training pictures that were not candidates, drawn at random; each "
                + "stands for 2.67 of them, and none was scored.",
            report.Limits
        );
        Assert.DoesNotContain(
            Request("das", limit: 4).Report().Limits,
            limit => limit.StartsWith("The kernel also", StringComparison.Ordinal)
        );

        // Its weights count: averages of unit gradients have about the same length, so the kernel has about the trace
        // of that of the whole dataset.
        double Trace(TestAudit request, int pictures) =>
            pictures
            * (request with { Method = new() { Damping = new MeanEigenvalue(1) } }).Report().Method.DampingValues[0];
        Assert.InRange(
            Trace(Request("das", limit: 4) with { Background = 3 }, 7) / Trace(Request("das", limit: null), 12),
            0.9,
            1.1
        );
    }

    [Theory]
    [InlineData("gradient-dot")]
    [InlineData("ekfac")]
    [InlineData("pixel-ridge")]
    public void A_method_that_has_no_place_for_it_is_the_same_without(string id)
    {
        var (with, without) = (
            (Request(id, limit: 4) with { Background = 3 }).Report(),
            Request(id, limit: 4).Report()
        );
        Assert.Null(with.Method.Background);
        Assert.Equal(without.Limits, with.Limits);
        Assert.Equal(without.Attributions.Select(a => a.Score), with.Attributions.Select(a => a.Score));
    }

    /// <summary>Nor does its report speak of the kernel of a method beside it.</summary>
    [Fact]
    public void A_kernel_of_another_method_is_not_said_to_be_its_own()
    {
        var audit = Request("gradient-dot", limit: 4) with { Background = 3 };
        var beside = audit with { Methods = [.. audit.Methods, MethodCatalog.Find("das")] };

        Assert.Equal(audit.Report().Limits, beside.Report().Limits);
    }

    [Fact]
    public void Each_report_is_as_if_its_picture_had_been_audited_alone()
    {
        _folder.Write("other.png", TestPictures.Png(7, 8, 8));
        var request = Request("das", limit: 4) with { Background = 3 };
        var together = (request with { Images = ["query.png", "other.png"] }).Reports();
        foreach (var (image, report) in new[] { "query.png", "other.png" }.Zip(together))
            Assert.Equal(
                (request with { Images = [image] }).Report().Attributions.Select(a => (a.Item, a.Score)),
                report.Attributions.Select(a => (a.Item, a.Score))
            );
    }

    private static double Score(AuditReport report, string item) =>
        report.Attributions.Single(a => a.Item == item).Score;

    private TestAudit Request(string id, int? limit) =>
        TestAudit.Of(_folder, id) with
        {
            Encoder = _encoder,
            Candidates = new()
            {
                Limit = limit,
                ControlSize = 0,
                NearDuplicateDistance = 0,
            },
            Gradients = TestAudit.Passes(2, 2, 128),
        };
}
