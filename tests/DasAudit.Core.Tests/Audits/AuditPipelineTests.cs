using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

public sealed class AuditPipelineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AuditPipelineTests()
    {
        _folder.WritePictures("set", 0, 5);
        _folder.Write(
            "set/metadata.csv",
            "file_name,rights_holder,license,author\n"
                + "p0.png,Ann,MIT,a\n"
                + "p1.png,Ann,CC0-1.0,\n"
                + "p2.png,Bob,MIT,b\n"
                + "p3.png,Bob,MIT,b\n"
        );
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
        _folder.Write("large.png", TestPictures.Png(9, 12, 10));
    }

    public void Dispose() => _folder.Dispose();

    private TestAudit Request(params string[] images) => new(_folder) { Images = images };

    [Fact]
    public void All_pictures_are_listed_where_they_are_asked_for_and_words_rest_on_the_first_twenty()
    {
        _folder.WritePictures("many", 0, 23);
        var all = (Request("query.png") with { Dataset = "many", Top = null }).Report();
        Assert.Equal(Enumerable.Range(1, 23), all.Attributions.Select(attribution => attribution.Rank));
        Assert.Equal(20, all.Evidence!.Top);
        var more = (Request("query.png") with { Dataset = "many", Top = 2000 }).Report();
        Assert.Equal(23, more.Attributions.Count);
    }

    [Fact]
    public void Paths_start_at_the_working_directory_and_stand_in_the_report_as_given()
    {
        var report = Request("query.png").Report();
        Assert.Equal(("query.png", "model", "set"), (report.Query.Path, report.Model.Path, report.Dataset.Path));
        Assert.Equal(("tiny", "1.2.3"), (report.Model.Adapter, report.Model.AdapterVersion));
        Assert.Equal(5, report.Dataset.Count);
        Assert.Null(report.Encoder);
    }

    [Fact]
    public void A_copy_of_a_training_picture_is_found_identical()
    {
        var report = Request("query.png").Report();
        Assert.Contains("exact", report.Attributions.Single(a => a.Item == "p2.png").Tiers);
        Assert.All(report.Attributions.Where(a => a.Item != "p2.png"), a => Assert.DoesNotContain("exact", a.Tiers));
        Assert.Equal(1, report.Candidates.Tiers.Single(tier => tier.Name == "exact").Count);
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_named_and_the_others_are_audited()
    {
        var whole = TestPictures.Png(3, 8, 8);
        _folder.Write("cut.png", whole[..(whole.Length / 2)]);
        var request = Request("large.png", "cut.png", "nowhere.png", "query.png").Request();
        var audit = new AuditPipeline(TimeProvider.System, null).Run(request, TestContext.Current.CancellationToken);
        Assert.Equal(["cut.png", "nowhere.png"], audit.Refused.Select(picture => picture.Path));
        Assert.Equal("'nowhere.png' is not there; give a picture file.", audit.Refused[1].Reason);
        Assert.Equal(
            [Result(Request("large.png").Report()), Result(Request("query.png").Report())],
            audit.Reports.Select(stored => Result(stored.Report))
        );
    }

    [Fact]
    public void Without_a_picture_that_can_be_read_nothing_is_audited()
    {
        Assert.Equal("'nowhere.png' is not there; give a picture file.", Request("nowhere.png").Refusal());
        Assert.Equal(
            "None of the 2 pictures can be audited. The first: 'nowhere.png' is not there; give a picture file.",
            Request("nowhere.png", "set").Refusal()
        );
    }

    [Fact]
    public void Each_report_is_as_if_its_picture_had_been_audited_alone()
    {
        var together = Request("large.png", "query.png").Run().Select(stored => Result(stored.Report)).ToList();
        Assert.Equal([Result(Request("large.png").Report()), Result(Request("query.png").Report())], together);
        Assert.NotEqual(together[0], together[1]);
    }

    [Fact]
    public void Worker_threads_do_not_change_the_result()
    {
        var request = Request("query.png");
        var report = request.Report();
        Assert.Equal(
            Result(report),
            Result((request with { Threads = 1 }).Report() with { Environment = report.Environment })
        );
    }

    [Fact]
    public void Only_the_top_is_listed_but_shares_are_over_all_candidates()
    {
        var all = Request("query.png").Report();
        var brief = (Request("query.png") with { Top = 2 }).Report();
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
        var report = (Request("query.png") with { GroupBy = GroupKey.Parse(key) }).Report();
        Assert.Equal(key, report.GroupedBy);
        Assert.Equal(groups, report.Groups.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.Equal(1, report.Groups.Sum(group => group.Share), 1e-12);
    }

    [Fact]
    public void A_picture_for_the_page_goes_with_the_query_and_with_every_listed_picture()
    {
        var stored = Assert.Single((Request("large.png") with { Top = 2 }).Run());
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
        var report = (
            Request("query.png") with
            {
                Encoder = encoder,
                Candidates = new() { Limit = 2 },
            }
        ).Report();
        Assert.Equal(
            new EncoderInfo("fake", new string('a', 64)) { Preprocessing = "none", PreprocessingSource = "fake.json" },
            report.Encoder
        );
        Assert.Equal(2, report.Method.CandidateLimit);
        Assert.All(report.Attributions, a => Assert.InRange(a.Similarity!.Value, -1.000001, 1.000001));
        Assert.Equal(1, report.Attributions.Single(a => a.Item == "p2.png").Similarity!.Value, 1e-6);
    }

    [Fact]
    public void Limits_say_what_the_reader_must_know()
    {
        _folder.Write("set/broken.png", "junk");
        var limits = (Request("large.png") with { Gradients = TestAudit.Passes(2, 1, 64) }).Report().Limits;
        Assert.Contains("A single noise draw was used, so there are no standard errors and no intervals.", limits);
        Assert.Contains("1 file of the dataset could not be read and was left out: 'broken.png'.", limits);
        Assert.Contains("1 of 5 candidates states no rights holder; it is counted as '(not stated)'.", limits);
        Assert.Contains("The audited picture is 12×10 and was resized and cropped to the model's 8×8.", limits);
    }

    [Fact]
    public void The_report_reads_back_from_its_JSON_to_the_same_text()
    {
        var json = ReportJson.Serialize(Request("query.png").Report());
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
    }

    [Fact]
    public void Every_picture_is_read_before_the_model_is_loaded()
    {
        _folder.Write("cat.txt", "a cat");
        var unloadable = new TinyAdapter(_ => throw new InvalidOperationException("The model was loaded."));
        var audit = Request("query.png", "cat.txt") with { Adapter = unloadable };
        var run = new AuditPipeline(TimeProvider.System, null).Run(audit.Request(), CancellationToken.None);
        Assert.Equal("cat.txt", Assert.Single(run.Refused).Path);
        Assert.Throws<InvalidOperationException>(() => run.Reports.ToList());
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Request("query.png").Start(null, source.Token).ToList());
    }

    private static string Result(AuditReport report) =>
        ReportJson.Serialize(report with { Id = "", CreatedUtc = default, Timings = new Dictionary<string, double>() });
}
