using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Torch;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Audits of a part of a picture, on pixels and on latents.</summary>
public sealed class RegionAuditTests : IDisposable
{
    private const string Left = "0,0,3,8";
    private const string Right = "3,0,5,8";

    private readonly TempFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    public RegionAuditTests()
    {
        _folder.WritePictures("set", 0, 6);
        _folder.Write("query.png", TestPictures.Png(7, 8, 8));
    }

    // All that know regions, but for those that compare retrained models or replay training.
    public static TheoryData<string> Ids =>
        [
            .. MethodCatalog
                .All.Where(method => method.Needs is { Embeddings: false, RetrainedModels: 0, Replay: false })
                .Select(method => method.Description.Id),
        ];

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_method_follows_the_region(string id)
    {
        var request = On("latents", () => new LatentModel(), id);

        var whole = Scores(request.Report());
        var left = Scores((request with { Region = RegionChoice.Parse(Left) }).Report());
        var right = Scores((request with { Region = RegionChoice.Parse(Right) }).Report());

        Assert.All(left.Values, score => Assert.True(double.IsFinite(score)));
        Assert.Equal(id == "random", left.SequenceEqual(right));
        Assert.Equal(id == "random", left.SequenceEqual(whole));
        // The largest value of all is that of one of the halves.
        if (id != "d-trak:linf-norm")
            Assert.Equal(id == "random", right.SequenceEqual(whole));
    }

    [Theory]
    [InlineData("das")]
    [InlineData("pva-mini")]
    [InlineData("pixel-ridge")]
    [InlineData("ekfac")]
    [InlineData("activation-ridge")]
    public void The_whole_picture_as_a_region_gives_the_bytes_of_no_region(string id)
    {
        var request = Request(id);
        Assert.Equal(Bytes(request), Bytes(request with { Region = RegionChoice.Parse("0,0,8,8") }));
        Assert.NotEqual(Bytes(request), Bytes(request with { Region = RegionChoice.Parse(Left) }));
    }

    // Scores that are linear in the query's own loss or output function.
    [Theory]
    [InlineData("gradient-dot")]
    [InlineData("trak")]
    [InlineData("journey-trak")]
    [InlineData("d-trak")]
    [InlineData("tracin")]
    [InlineData("relative-if")]
    [InlineData("renormalized-if")]
    [InlineData("datainf")]
    [InlineData("kfac")]
    [InlineData("ekfac")]
    [InlineData("pixel-dot")]
    public void Scores_of_two_halves_add_up_where_they_are_linear_in_the_query(string id)
    {
        TestAudit[] requests = [On("pixels", () => new TinyUnet(3), id), On("latents", () => new LatentModel(), id)];
        foreach (var request in requests)
        {
            var whole = Scores(request.Report());
            var left = Scores((request with { Region = RegionChoice.Parse(Left) }).Report());
            var right = Scores((request with { Region = RegionChoice.Parse(Right) }).Report());
            var (a, b) = id == "pixel-dot" ? (1, 1) : (3 / 8.0, 5 / 8.0);
            var largest = whole.Values.Max(Math.Abs);
            foreach (var (item, score) in whole)
                Assert.Equal(score, a * left[item] + b * right[item], 1e-4 * largest);
        }
    }

    [Fact]
    public void Pixels_are_compared_in_the_region_of_both_pictures()
    {
        // The region of the query is that of p3, and all around that of p1.
        var (query, around) = (TestPictures.Pattern(3, 8, 8), TestPictures.Pattern(1, 8, 8));
        var rgb = (byte[])around.Rgb.Clone();
        for (var y = 2; y < 5; y++)
            query.Rgb.AsSpan((y * 8 + 1) * 3, 4 * 3).CopyTo(rgb.AsSpan((y * 8 + 1) * 3));
        _folder.Write("query.png", PictureWriter.Png(new(8, 8, rgb)));

        var whole = Request("pixel").Report().Attributions[0];
        var region = (Request("pixel") with { Region = RegionChoice.Parse("1,2,4,3") }).Report().Attributions[0];

        Assert.Equal("p1.png", whole.Item);
        Assert.Equal("p3.png", region.Item);
        Assert.Equal(1, region.Score, 1e-6);
    }

    [Fact]
    public void Training_features_are_shared_with_audits_of_the_whole_and_the_query_s_are_not()
    {
        var request = Request("das") with { FeatureStore = "features" };
        var before = Bytes(request);
        var totals = new Totals();
        var region = request with { Region = RegionChoice.Parse(Left) };

        var kept = Assert.Single(region.Run(totals)).Report;

        Assert.Equal([1], totals.Seen.Distinct());
        Assert.Equal(Scores((region with { FeatureStore = null }).Report()), Scores(kept));
        Assert.Equal(before, Bytes(request));
        var again = new Totals();
        region.Run(again);
        Assert.Empty(again.Seen);
    }

    [Theory]
    [InlineData("das")]
    [InlineData("das-v")]
    [InlineData("ekfac")]
    [InlineData("pixel")]
    [InlineData("activation-ridge")]
    public void Null_queries_are_looked_at_in_the_same_part(string id)
    {
        for (var i = 0; i < 5; i++)
            _folder.Write($"others/o{i}.png", TestPictures.Png(20 + i, 8, 8));
        var request = Request(id) with { Region = RegionChoice.Parse(Left) };

        var report = (request with { NullQueries = "others" }).Report();

        var others = Enumerable
            .Range(0, 5)
            .Select(i => Ordered((request with { Images = [$"others/o{i}.png"] }).Report()));
        var expected = QueryPermutation.PValues(TwoWayStandardisation.ByQuery([Ordered(request.Report()), .. others]));
        Assert.Equal(
            expected,
            report.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.PValue!.Value)
        );
        Assert.Contains(report.Limits, limit => limit.StartsWith("Of the other pictures", StringComparison.Ordinal));

        static double[] Ordered(AuditReport report) =>
            [.. report.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.Score)];
    }

    [Fact]
    public void The_report_says_what_was_asked_about()
    {
        var mask = new byte[8 * 8 * 3];
        mask.AsSpan(3 * 9, 6).Fill(255);
        mask.AsSpan(3 * 17, 3).Fill(200);
        _folder.Write("mask.png", PictureWriter.Png(new(8, 8, mask)));
        var request = Request("das") with
        {
            Region = RegionChoice.Parse("mask.png"),
            Adapter = new TinyAdapter(_ => new LatentModel()),
        };

        var stored = Assert.Single(request.Run());

        var query = stored.Report.Query;
        var info = query.Region!;
        Assert.Equal((1, 1, 2, 2, 3 / 64.0), (info.X, info.Y, info.Width, info.Height, info.Share));
        Assert.Equal("mask.png", info.Mask);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.At("mask.png")))),
            info.MaskSha256
        );
        Assert.NotEqual(stored.Thumbnails[query.Sha256], stored.Thumbnails[query.RegionThumbnail]);
        string[] starts =
        [
            "Only a part of the audited picture was asked about: what the mask marks within 2×2 pixels at 1,1 (4.69 %",
            "The mask holds 1 pixels that are neither black nor white",
            "The model works on latents of 4×4 places",
        ];
        foreach (var start in starts)
            Assert.Single(stored.Report.Limits, limit => limit.StartsWith(start, StringComparison.Ordinal));

        using var json = JsonDocument.Parse(ReportJson.Serialize(stored.Report));
        Assert.Equal(
            ["x", "y", "width", "height", "share", "mask", "maskSha256"],
            json.RootElement.GetProperty("query").GetProperty("region").EnumerateObject().Select(p => p.Name)
        );
        using var whole = JsonDocument.Parse(ReportJson.Serialize(Request("das").Report()));
        Assert.False(whole.RootElement.GetProperty("query").TryGetProperty("region", out _));
    }

    [Fact]
    public void What_no_audit_can_follow_is_refused_before_the_model_is_loaded()
    {
        _folder.Write("wide.png", TestPictures.Png(8, 9, 8));
        _folder.Write("small.png", TestPictures.Png(8, 4, 4));

        Refuses(
            "compares embeddings of whole pictures and knows no region",
            Request("das", "clip") with
            {
                Encoder = _encoder,
            }
        );
        Refuses("The region 3,0,5,9 does not lie within 'query.png'", Request("das"), "3,0,5,9");
        Refuses("The mask 'small.png' measures 4×4 and 'query.png' 8×8", Request("das"), "small.png");
        Refuses(
            "'query.png' measures 8×8 and 'wide.png' 9×8, so one {region} does not fit both",
            Request("das") with
            {
                Images = ["query.png", "wide.png"],
            }
        );
    }

    [Fact]
    public void Of_an_encoder_it_is_said_that_it_looked_at_whole_pictures()
    {
        const string sentence = "The image encoder looked at whole pictures and not at the region.";
        var audit = Request("das") with
        {
            Region = RegionChoice.Parse("0,0,4,4"),
            Candidates = new() { Limit = 1000 },
        };

        Assert.DoesNotContain(sentence, audit.Report().Limits);
        Assert.Contains(sentence, (audit with { Encoder = _encoder }).Report().Limits);
    }

    [Fact]
    public void Planning_refuses_what_an_audit_would() =>
        Assert.Contains(
            "does not lie within",
            Assert
                .Throws<AuditException>(() => (Request("das") with { Region = RegionChoice.Parse("0,0,9,9") }).Plan())
                .Message,
            StringComparison.Ordinal
        );

    private static void Refuses(string sentence, TestAudit audit, string region = Left)
    {
        var refused = audit with
        {
            Region = RegionChoice.Parse(region),
            Adapter = new TinyAdapter(_ => throw new InvalidOperationException("The model was loaded.")),
        };
        var pipeline = new AuditPipeline(TimeProvider.System, null);
        var error = Assert.Throws<AuditException>(() => pipeline.Run(refused.Request(), CancellationToken.None));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    private static SortedDictionary<string, double> Scores(AuditReport report) =>
        new(report.Attributions.ToDictionary(a => a.Item, a => a.Score), StringComparer.Ordinal);

    // But for what no two runs have in common.
    private static string Bytes(TestAudit request)
    {
        var report = request.Report();
        return ReportJson.Serialize(
            report with
            {
                Id = "",
                CreatedUtc = default,
                Timings = new Dictionary<string, double>(),
            }
        );
    }

    // Only the sampling of a picture that the model made can be followed.
    private TestAudit On(string name, Func<IDiffusionModel> load, string id)
    {
        var request = Request(id) with { Adapter = new TinyAdapter(_ => load()) };
        if (!request.Methods.Any(method => method.Needs.Trajectory))
            return request;
        using var pool = new ModelPool(load);
        var generator = new PictureGenerator(pool, new(), threads: 1);
        var picture = generator.Generate([1], new(null, null), null, TestContext.Current.CancellationToken)[0];
        _folder.Write($"{name}/seed-1.png", PictureWriter.Png(picture));
        return request with { Images = [$"{name}/seed-1.png"] };
    }

    private TestAudit Request(params string[] ids) =>
        TestAudit.Of(_folder, ids) with
        {
            Gradients = TestAudit.Passes(3, 2, 256),
        };

    private sealed class Totals : IProgress<StageProgress>
    {
        public List<long> Seen { get; } = [];

        public void Report(StageProgress value)
        {
            if (value.Stage == "computing gradients")
                Seen.Add(value.Total);
        }
    }
}
