using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Candidates;
using DasAudit.Core.Tests.Datasets;
using DasAudit.Core.Tests.Pictures;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Pictures in the kernel that are no candidates, in an audit of a real network.</summary>
public sealed class BackgroundAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    public BackgroundAuditTests()
    {
        for (var i = 0; i < 12; i++)
            _folder.Write($"set/p{i}.png", TestPictures.Png(i, 8, 8));
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
    [InlineData("pva-mini")]
    [InlineData("datainf")]
    [InlineData("activation-ridge")]
    public void With_all_others_in_it_the_kernel_is_that_of_the_whole_dataset(string id)
    {
        var alone = Audit(Request(id, limit: 4));
        var whole = Audit(Request(id, limit: null));
        var report = Audit(Request(id, limit: 4) with { Background = 1000 });
        Assert.Equal(4, report.Candidates.Count);
        Assert.Equal(4, report.Attributions.Count);
        Assert.Equal((8, null, null), (report.Method.Background, alone.Method.Background, whole.Method.Background));
        Assert.Contains(
            "The kernel holds every training picture; those that were not candidates were not scored.",
            report.Limits
        );
        Assert.Equal(
            report.Attributions.Select(a => a.Score),
            Audit(Request(id, limit: 4) with { Background = null }).Attributions.Select(a => a.Score)
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
        var report = Audit(Request("das", limit: 4) with { Background = 3 });
        Assert.Equal(3, report.Method.Background);
        Assert.Equal(4, report.Candidates.Count);
        Assert.Contains(
            "The kernel also holds 3 of the 8 training pictures that were not candidates, drawn at random; each stands for 2.67 of them, and none was scored.",
            report.Limits
        );
        Assert.DoesNotContain(
            Audit(Request("das", limit: 4)).Limits,
            limit => limit.StartsWith("The kernel also", StringComparison.Ordinal)
        );

        // Its weights count: averages of unit gradients have about the same length, so the kernel has about the trace of that of the whole dataset.
        double Trace(AuditRequest request, int pictures) =>
            pictures
            * Audit(request with { Method = new() { Damping = new MeanEigenvalue(1) } }).Method.DampingValues[0];
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
        var (with, without) = (Audit(Request(id, limit: 4) with { Background = 3 }), Audit(Request(id, limit: 4)));
        Assert.Null(with.Method.Background);
        Assert.Equal(without.Limits, with.Limits);
        Assert.Equal(without.Attributions.Select(a => a.Score), with.Attributions.Select(a => a.Score));
    }

    [Fact]
    public void Each_report_is_as_if_its_picture_had_been_audited_alone()
    {
        _folder.Write("other.png", TestPictures.Png(7, 8, 8));
        var request = Request("das", limit: 4) with { Background = 3 };
        var together = Run(request with { Images = ["query.png", "other.png"] });
        foreach (var (image, report) in new[] { "query.png", "other.png" }.Zip(together))
            Assert.Equal(
                Audit(request with { Images = [image] }).Attributions.Select(a => (a.Item, a.Score)),
                report.Attributions.Select(a => (a.Item, a.Score))
            );
    }

    private static double Score(AuditReport report, string item) =>
        report.Attributions.Single(a => a.Item == item).Score;

    private AuditRequest Request(string id, int? limit) =>
        new()
        {
            Images = ["query.png"],
            Model = new(new AuditPipelineTests.TinyAdapter(), "1.2.3", new string('c', 64), "model", _folder.Path),
            Dataset = "set",
            WorkingDirectory = _folder.Path,
            Tool = new("9.9.9", "commit"),
            Environment = new("os", "runtime", "libtorch", "cpu", 2),
            Encoder = _encoder,
            Candidates = new()
            {
                Limit = limit,
                ControlSize = 0,
                NearDuplicateDistance = 0,
            },
            Gradients = new()
            {
                Timesteps = 2,
                Replicates = 2,
                Projection = ProjectionOptions.Parse("sjlt:128"),
            },
            Methods = [MethodCatalog.Find(id)],
        };

    private static AuditReport Audit(AuditRequest request) => Assert.Single(Run(request));

    private static List<AuditReport> Run(AuditRequest request) =>
        [
            .. new AuditPipeline(TimeProvider.System, null)
                .Run(request, TestContext.Current.CancellationToken)
                .Select(stored => stored.Report),
        ];
}
