using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Files;
using DasAudit.Core.Gradients;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;
using DasAudit.Core.Projections;
using DasAudit.Core.Reports;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

public sealed class AuditFeaturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AuditFeaturesTests()
    {
        _folder.WritePictures("set", 0, 5);
        _folder.Write("query.png", TestPictures.Png(7, 8, 8));
        _folder.Write("other.png", TestPictures.Png(9, 12, 10));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_is_the_same_whether_features_are_computed_kept_or_read()
    {
        var computed = Run(Request("query.png"));
        var kept = Run(Request("query.png") with { FeatureStore = "features" });
        var files = Files().ToDictionary(path => path, File.ReadAllBytes);
        var read = Run(Request("query.png") with { FeatureStore = "features" });
        Assert.Equal([computed, computed], [kept, read]);
        Assert.Equal(files, Files().ToDictionary(path => path, File.ReadAllBytes));
    }

    [Fact]
    public void Features_too_many_for_memory_are_read_block_by_block_wherever_they_lie()
    {
        // More pictures than their features are long: the primal kernel.
        _folder.WritePictures("set", 5, 35);
        var request = Request("query.png") with
        {
            Gradients = Request("query.png").Gradients with { Projection = ProjectionOptions.Parse("sjlt:16") },
            Decoys = "decoys",
        };
        for (var i = 0; i < 4; i++)
            _folder.Write($"decoys/d{i}.png", TestPictures.Png(100 + i, 8, 8));
        var streamed = request with { Streaming = new() { MostInMemory = 1 } };
        var computed = Run(streamed);
        Assert.Equal(computed, Run(streamed with { FeatureStore = "features" }));
        Assert.Equal(
            computed,
            Run(streamed with { FeatureStore = "features", Threads = 1 })
                .Replace("\"threads\": 1", "\"threads\": 2", StringComparison.Ordinal)
        );
        var (all, few) = (Scores(request), Scores(streamed));
        Assert.Equal(all.Select(a => a.Item), few.Select(a => a.Item));
        foreach (var (a, b) in all.Zip(few))
            Assert.Equal(a.Score, b.Score, 1e-4 * all[0].Score);

        static IReadOnlyList<AttributedPicture> Scores(TestAudit request) => request.Report().Attributions;
    }

    [Fact]
    public void A_second_audit_of_another_picture_computes_that_picture_alone()
    {
        Run(Request("query.png") with { FeatureStore = "features" });
        var progress = new Gradients();
        var again = Run(Request("other.png") with { FeatureStore = "features" }, progress);
        Assert.Equal([1], progress.Totals.Distinct());
        Assert.Equal(Run(Request("other.png")), again);
    }

    [Fact]
    public void Features_on_a_share_that_cannot_be_written_to_serve_like_others()
    {
        string[] pictures = [.. Enumerable.Range(0, 5).Select(i => $"set/p{i}.png")];
        Build("features", Request("query.png").Gradients, FeatureFormat.F32, [.. pictures, "query.png"]);
        var share = NarrowFolder.Of(_folder, _folder["features"]);
        var progress = new Gradients();
        Assert.Equal(Run(Request("other.png")), Run(Request("other.png") with { FeatureStore = share }, progress));
        Assert.Equal([1], progress.Totals.Distinct());
        var notice = Assert.Single(progress.Notices);
        Assert.StartsWith($"'{share}' cannot be written to; the features that it lacked are kept in '", notice);

        var second = new Gradients();
        Run(Request("other.png") with { FeatureStore = share }, second);
        Assert.Empty(second.Totals);
    }

    [Fact]
    public void Each_kind_under_each_setting_has_a_store_of_its_own_below_a_common_folder()
    {
        var request = Request("query.png") with { FeatureStores = "all" };
        Run(request);
        Run(request with { Gradients = request.Gradients with { Seed = 1 } });
        // Two kinds each.
        Assert.Equal(4, Directory.GetDirectories(_folder.At("all")).Length);
        Assert.All(
            Directory.GetDirectories(_folder.At("all")),
            path => Assert.Matches("^[0-9a-f]{16}$", Path.GetFileName(path))
        );
        Assert.Single(Directory.GetFiles(Directory.GetDirectories(_folder.At("all"))[0], "features.json"));
    }

    [Fact]
    public void A_folder_holds_features_of_every_setting_and_model()
    {
        var request = Request("query.png") with { FeatureStore = "features" };
        var other = request with
        {
            Adapter = new TinyAdapter(_ => new FiledUnet(_folder.Write("other/weights", "4"))),
            Model = "other",
        };
        var computed = Run(other with { FeatureStore = null });
        Run(request);
        Assert.Equal(computed, Run(other));
        var progress = new Gradients();
        Assert.Equal(computed, Run(other, progress));
        Run(request, progress);
        Assert.Empty(progress.Totals);
        Run(request with { Gradients = request.Gradients with { Replicates = 3 } }, progress);
        Assert.Equal([6], progress.Totals.Distinct());
        Assert.Empty(progress.Notices);
    }

    [Fact]
    public void Features_serve_audits_that_look_at_other_kinds_beside()
    {
        var das = Request("query.png");
        var loss = TestAudit.Of(_folder, "gradient-cosine") with { Images = ["query.png"] };
        var both = TestAudit.Of(_folder, "das", "gradient-cosine") with { Images = ["query.png"] };
        var computed = Run(both);
        Run(loss with { FeatureStore = "features" });
        var progress = new Gradients();
        Assert.Equal(computed, Run(both with { FeatureStore = "features" }, progress));
        Assert.Equal([6], progress.Totals.Distinct());
        progress = new();
        Assert.Equal(Run(das), Run(das with { FeatureStore = "features" }, progress));
        Assert.Empty(progress.Totals);
    }

    [Fact]
    public void A_folder_of_an_earlier_version_with_all_kinds_together_is_read()
    {
        var request = Request("query.png") with { FeatureStore = "features" };
        Build("features", request.Gradients, FeatureFormat.F32, ["other.png"]);
        var shard = Assert.Single(Files("*.safetensors"));
        var before = File.ReadAllBytes(shard);
        var progress = new Gradients();
        Assert.Equal(Run(Request("other.png")), Run(request with { Images = ["other.png"] }, progress));
        // The training pictures alone.
        Assert.Equal([5], progress.Totals.Distinct());
        Assert.Empty(progress.Notices);
        Assert.Equal(before, File.ReadAllBytes(shard));

        progress = new();
        Run(request with { Gradients = request.Gradients with { Replicates = 3 } }, progress);
        Assert.Equal(
            [
                "The features that lie in 'features' itself were made with replicates 2, not 3; those of this audit "
                    + "are kept in folders of their own there.",
            ],
            progress.Notices
        );
    }

    [Fact]
    public void A_store_of_float16_serves_and_the_report_says_so()
    {
        var request = Request("query.png") with { FeatureStore = "features" };
        Build("features", request.Gradients, FeatureFormat.F16, ["other.png"]);
        var first = Run(request);
        Assert.Contains("kept as float16", first);
        Assert.Equal(first, Run(request));
        Assert.DoesNotContain("kept as float16", Run(request with { FeatureStore = null }));
    }

    [Fact]
    public void A_damaged_shard_stops_the_audit_with_its_name()
    {
        var request = Request("query.png") with { FeatureStore = "features" };
        Run(request);
        var path = Files("*.safetensors")[0];
        var bytes = File.ReadAllBytes(path);
        bytes[^1000] ^= 4;
        File.WriteAllBytes(path, bytes);
        Assert.StartsWith(
            $"'{Path.GetRelativePath(_folder.Path, path)}' is damaged",
            Assert.Throws<AuditException>(() => Run(request)).Message
        );
        File.Delete(path);
        Assert.Equal(Run(Request("query.png")), Run(request));
    }

    private string[] Files(string pattern = "*") =>
        Directory.GetFiles(_folder.At("features"), pattern, SearchOption.AllDirectories);

    private void Build(
        string folder,
        DasAudit.Core.Features.GradientOptions gradients,
        FeatureFormat format,
        string[] images
    )
    {
        using var model = new TinyUnet(3);
        var settings = FeatureSettings.Of(model, ModelSource.Hash(model), "tiny", "1.2.3", gradients);
        var store = FeatureStore.Open(_folder.At(folder), settings, format);
        new FeatureBuilder(new(new(() => new TinyUnet(3)), gradients, 1), store).Build(
            [
                .. images.Select(image =>
                    KeyedPicture.Of(model, image, PictureReader.Read(_folder.At(image), image), null)
                ),
            ],
            null,
            null,
            TestContext.Current.CancellationToken
        );
    }

    private TestAudit Request(string image) => new(_folder) { Images = [image] };

    private static string Run(TestAudit request, IProgress<StageProgress>? progress = null) =>
        ReportJson.Serialize(
            Assert.Single(request.Run(progress)).Report with
            {
                Id = "",
                CreatedUtc = default,
                Timings = new Dictionary<string, double>(),
            }
        );

    /// <summary>Another model, which its file tells from others.</summary>
    private sealed class FiledUnet(string file) : IDiffusionModel
    {
        private readonly TinyUnet _unet = new(4);

        public torch.nn.Module Network => _unet.Network;

        public IForwardProcess Process => _unet.Process;

        public ImageShape PictureShape => _unet.PictureShape;

        public IReadOnlyList<string> Files => [file];

        public torch.Tensor Predict(torch.Tensor noisy, torch.Tensor timesteps, ConditionTensors? condition = null) =>
            _unet.Predict(noisy, timesteps, condition);

        public void Dispose() => _unet.Dispose();
    }

    private sealed class Gradients : IProgress<StageProgress>
    {
        public List<long> Totals { get; } = [];

        public List<string> Notices { get; } = [];

        public void Report(StageProgress value)
        {
            if (value.Notice is { } notice)
                Notices.Add(notice);
            if (value.Stage == "computing gradients")
                Totals.Add(value.Total);
        }
    }
}
