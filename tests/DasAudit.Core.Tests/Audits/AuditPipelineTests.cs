using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Candidates;
using DasAudit.Core.Tests.Datasets;
using DasAudit.Core.Tests.Models;
using DasAudit.Core.Tests.Pictures;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

public sealed class AuditPipelineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AuditPipelineTests()
    {
        for (var i = 0; i < 5; i++)
            _folder.Write($"set/p{i}.png", TestPictures.Png(i, 8, 8));
        _folder.Write(
            "set/metadata.csv",
            "file_name,rights_holder,license,author\np0.png,Ann,MIT,a\np1.png,Ann,CC0-1.0,\np2.png,Bob,MIT,b\np3.png,Bob,MIT,b\n"
        );
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
        _folder.Write("large.png", TestPictures.Png(9, 12, 10));
    }

    public void Dispose() => _folder.Dispose();

    private AuditRequest Request(params string[] images) =>
        new()
        {
            Images = images,
            Model = new(new TinyAdapter(), "1.2.3", new string('c', 64), "model", _folder.Path),
            Dataset = "set",
            WorkingDirectory = _folder.Path,
            Tool = new("9.9.9", "commit"),
            Environment = new("os", "runtime", "libtorch", "cpu", 2),
            Candidates = new() { Limit = null },
            Gradients = new()
            {
                Timesteps = 2,
                Replicates = 2,
                Projection = ProjectionOptions.Parse("sjlt:64"),
            },
        };

    private static List<StoredReport> Run(AuditRequest request) =>
        [.. new AuditPipeline(TimeProvider.System, null).Run(request, TestContext.Current.CancellationToken)];

    private static AuditReport RunOne(AuditRequest request) => Assert.Single(Run(request)).Report;

    [Fact]
    public void Paths_start_at_the_working_directory_and_stand_in_the_report_as_given()
    {
        var report = RunOne(Request("query.png"));
        Assert.Equal(("query.png", "model", "set"), (report.Query.Path, report.Model.Path, report.Dataset.Path));
        Assert.Equal(("tiny", "1.2.3"), (report.Model.Adapter, report.Model.AdapterVersion));
        Assert.Equal(5, report.Dataset.Count);
        Assert.Null(report.Encoder);
    }

    [Fact]
    public void A_copy_of_a_training_picture_is_found_identical()
    {
        var report = RunOne(Request("query.png"));
        Assert.Contains("exact", report.Attributions.Single(a => a.Item == "p2.png").Tiers);
        Assert.All(report.Attributions.Where(a => a.Item != "p2.png"), a => Assert.DoesNotContain("exact", a.Tiers));
        Assert.Equal(1, report.Candidates.Tiers.Single(tier => tier.Name == "exact").Count);
    }

    [Fact]
    public void Each_report_is_as_if_its_picture_had_been_audited_alone()
    {
        var together = Run(Request("large.png", "query.png")).Select(stored => Result(stored.Report)).ToList();
        Assert.Equal([Result(RunOne(Request("large.png"))), Result(RunOne(Request("query.png")))], together);
        Assert.NotEqual(together[0], together[1]);
    }

    [Fact]
    public void Worker_threads_do_not_change_the_result()
    {
        var request = Request("query.png");
        Assert.Equal(
            Result(RunOne(request)),
            Result(
                RunOne(request with { Environment = request.Environment with { Threads = 1 } }) with
                {
                    Environment = request.Environment,
                }
            )
        );
    }

    [Fact]
    public void Only_the_top_is_listed_but_shares_are_over_all_candidates()
    {
        var all = RunOne(Request("query.png"));
        var brief = RunOne(Request("query.png") with { Top = 2 });
        Assert.Equal(all.Attributions.Take(2), brief.Attributions, (a, b) => a.Item == b.Item && a.Score == b.Score);
        Assert.Equal(all.Groups, brief.Groups);
        Assert.Equal(5, brief.Groups.Sum(group => group.Items));
    }

    [Theory]
    [InlineData("rights-holder", "(not stated)", "Ann", "Bob")]
    [InlineData("license", "(not stated)", "CC0-1.0", "MIT")]
    [InlineData("author", "(not stated)", "a", "b")]
    public void Shares_are_summed_by_the_key(string key, params string[] groups)
    {
        var report = RunOne(Request("query.png") with { GroupBy = GroupKey.Parse(key) });
        Assert.Equal(key, report.GroupedBy);
        Assert.Equal(groups, report.Groups.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.Equal(1, report.Groups.Sum(group => group.Share), 1e-12);
    }

    [Fact]
    public void A_picture_for_the_page_goes_with_the_query_and_with_every_listed_picture()
    {
        var stored = Assert.Single(Run(Request("large.png") with { Top = 2 }));
        Assert.Equal(
            stored
                .Report.Attributions.Select(a => a.Sha256)
                .Append(stored.Report.Query.Sha256)
                .Order(StringComparer.Ordinal),
            stored.Thumbnails.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(stored.Thumbnails.Values, png => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png.Take(4)));
    }

    [Fact]
    public void The_encoder_and_its_similarities_stand_in_the_report()
    {
        using var encoder = new FakeEncoder();
        var report = RunOne(
            Request("query.png") with
            {
                Encoder = encoder,
                Candidates = new() { Limit = 2 },
            }
        );
        Assert.Equal(new EncoderInfo("fake", new string('a', 64)), report.Encoder);
        Assert.Equal(2, report.Method.CandidateLimit);
        Assert.All(report.Attributions, a => Assert.InRange(a.Similarity!.Value, -1.000001, 1.000001));
        Assert.Equal(1, report.Attributions.Single(a => a.Item == "p2.png").Similarity!.Value, 1e-6);
    }

    [Fact]
    public void Limits_say_what_the_reader_must_know()
    {
        _folder.Write("set/broken.png", "junk");
        var limits = RunOne(
            Request("large.png") with
            {
                Gradients = new()
                {
                    Timesteps = 2,
                    Replicates = 1,
                    Projection = ProjectionOptions.Parse("sjlt:64"),
                },
            }
        ).Limits;
        Assert.Contains("A single noise draw was used, so there are no standard errors and no intervals.", limits);
        Assert.Contains("1 file of the dataset could not be read and was left out: 'broken.png'.", limits);
        Assert.Contains("1 of 5 candidates states no rights holder; it is counted as '(not stated)'.", limits);
        Assert.Contains("The audited picture is 12×10 and was resized and cropped to the model's 8×8.", limits);
    }

    [Fact]
    public void The_report_reads_back_from_its_JSON_to_the_same_text()
    {
        var json = ReportJson.Serialize(RunOne(Request("query.png")));
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
    }

    [Fact]
    public void Every_picture_is_read_before_anything_is_computed()
    {
        _folder.Write("cat.txt", "a cat");
        var reports = new AuditPipeline(TimeProvider.System, null).Run(
            Request("query.png", "cat.txt"),
            TestContext.Current.CancellationToken
        );
        using var first = reports.GetEnumerator();
        Assert.Equal(
            "'cat.txt' is no PNG, JPEG or WebP picture; give a picture file.",
            Assert.Throws<AuditException>(() => first.MoveNext()).Message
        );
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new AuditPipeline(TimeProvider.System, null).Run(Request("query.png"), source.Token).ToList()
        );
    }

    private static string Result(AuditReport report) =>
        ReportJson.Serialize(report with { Id = "", CreatedUtc = default, Timings = new Dictionary<string, double>() });

    internal sealed class TinyAdapter : IModelAdapter
    {
        public string Name => "tiny";

        public bool CanLoad(string path) => true;

        public IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options) => new TinyUnet(3);
    }
}
