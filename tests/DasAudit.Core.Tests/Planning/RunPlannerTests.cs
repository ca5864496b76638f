using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Planning;
using DasAudit.Core.Tests.Audits;

namespace DasAudit.Core.Tests.Planning;

/// <summary>
/// Which stages a plan has, on how many pictures, what they cost where the cost is known, and what is kept.
/// </summary>
public sealed class RunPlannerTests : IDisposable
{
    // Of two noise draws and two kinds, 64 numbers of 4 bytes each.
    private const int FeatureBytes = 2 * 2 * 64 * 4;

    private readonly TempFolder _folder = new();

    public RunPlannerTests()
    {
        _folder.WritePictures("set", 0, 6);
        _folder.WritePictures("unseen", 6, 4);
        _folder.WritePictures("others", 20, 3);
        _folder.Write("query.png", TestPictures.Png(30, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("das", "dataset 6, gradients 7, attribution 6")]
    [InlineData("gradient-dot", "dataset 6, gradients 7")]
    [InlineData("activation-ridge", "dataset 6, gradients 7, attribution 6")]
    [InlineData("ekfac", "dataset 6, attribution 6")]
    [InlineData("pixel", "dataset 6")]
    public void Every_stage_that_a_method_needs_is_planned(string id, string stages) =>
        Assert.Equal(stages, Stages(Request(id).Plan()));

    [Theory]
    [InlineData("das", "dataset 6, decoys 4, gradients 11, attribution 10")]
    [InlineData("activation-ridge", "dataset 6, decoys 4, gradients 11, attribution 10")]
    [InlineData("ekfac", "dataset 6, decoys 4, attribution 10")]
    public void Decoys_are_scored_like_candidates(string id, string stages) =>
        Assert.Equal(stages, Stages((Request(id) with { Decoys = "unseen" }).Plan()));

    [Theory]
    [InlineData("das", "gradients")]
    [InlineData("activation-ridge", "gradients")]
    [InlineData("ekfac", "attribution")]
    public void Passes_through_the_model_are_planned_for_every_picture(string id, string stage)
    {
        _folder.WritePictures("unseen", 10, 36);
        var plan = (Request(id) with { Adapter = Slow(5), Decoys = "unseen" }).Plan();
        // 47 pictures at two timesteps under two noise draws, 5 ms each, on two threads.
        Assert.InRange(plan.Stages.Single(s => s.Stage == stage).Seconds, 47 * 4 * 0.005 / 2, 20 * 47 * 4 * 0.005 / 2);
        Assert.Equal(plan.Stages.Sum(s => s.Seconds), plan.Seconds);
    }

    [Fact]
    public void Features_that_are_kept_are_not_computed_again()
    {
        var request = Request("das") with { Adapter = Slow(20), FeatureStores = "features" };
        var before = request.Plan();
        request.Run();
        var after = request.Plan();
        Assert.Equal(Stages(before), Stages(after));
        Assert.Equal((7 * FeatureBytes, 0), (before.DiskBytes, after.DiskBytes));
        // Seven pictures of four passes on two threads.
        Assert.True(before.Stages[1].Seconds > 7 * 4 * 0.020 / 2);
        Assert.True(after.Stages[1].Seconds < before.Stages[1].Seconds / 2);
    }

    [Fact]
    public void Embeddings_are_planned_for_every_picture_that_has_none_yet()
    {
        using var encoder = new FakeEncoder { Before = () => Thread.Sleep(60) };
        var request = Request("pixel") with
        {
            Encoder = encoder,
            CacheFolder = _folder["embeddings"],
            Decoys = "unseen",
        };
        var before = request.Plan();
        Assert.Equal("dataset 6, decoys 4, candidates 10", Stages(before));
        // The encoder is tried on three pictures at once, which take 60 ms; an embedding is three numbers and a key.
        Assert.InRange(before.Stages[2].Seconds, 10 * 0.060 / 3, 20 * 10 * 0.060 / 3);
        Assert.Equal(10 * (3 * 4 + 32), before.DiskBytes);
        request.Run();
        var after = request.Plan();
        Assert.Equal((0, 0), (after.Stages[2].Seconds, after.DiskBytes));
    }

    [Theory]
    [InlineData(0, "dataset 6, gradients 4, attribution 3")]
    [InlineData(2, "dataset 6, gradients 6, attribution 3")]
    [InlineData(9, "dataset 6, gradients 7, attribution 3")]
    [InlineData(null, "dataset 6, gradients 7, attribution 3")]
    public void Pictures_that_are_neither_candidates_nor_in_the_kernel_are_not_planned(int? background, string stages)
    {
        var few = Request("das") with
        {
            Candidates = new() { Limit = 2, ControlSize = 1 },
            Background = background,
        };
        Assert.Equal(stages, Stages(few.Plan()));
    }

    [Fact]
    public void Features_that_are_not_kept_on_disk_are_memory()
    {
        // 400 pictures of 16 MiB each, far more than the tests take themselves.
        _folder.WritePictures("unseen", 10, 389);
        var request = Request("das") with { Gradients = TestAudit.Passes(2, 2, 1 << 20), Decoys = "unseen" };
        var memory = request.Plan();
        var disk = (request with { FeatureStores = "features" }).Plan();
        var features = 400 * 4 * (4L << 20);
        Assert.Equal((0, features), (memory.DiskBytes, disk.DiskBytes));
        Assert.InRange(memory.MemoryBytes, features, 2 * features);
        Assert.InRange(disk.MemoryBytes, 320L << 20, features / 2);
    }

    [Fact]
    public void Without_pictures_to_audit_the_features_of_the_whole_dataset_are_planned() =>
        Assert.Equal("dataset 6, gradients 6", Stages((Request("das") with { Images = [], Decoys = "unseen" }).Plan()));

    [Fact]
    public void Kept_features_are_disk_and_those_of_decoys_too()
    {
        var alone = (Request("das") with { FeatureStores = "features" }).Plan();
        var beside = (Request("das") with { FeatureStores = "features", Decoys = "unseen" }).Plan();
        Assert.Equal(4 * FeatureBytes, beside.DiskBytes - alone.DiskBytes);
        Assert.Equal(0, (Request("activation-ridge") with { FeatureStores = "features" }).Plan().DiskBytes);
    }

    [Fact]
    public void Queries_to_compare_with_are_counted()
    {
        var alone = Request("ekfac").Plan();
        var beside = (Request("ekfac") with { NullQueries = "others" }).Plan();
        Assert.Equal(Stages(alone), Stages(beside));
        Assert.Equal(
            "dataset 6, gradients 10, attribution 6",
            Stages((Request("das") with { NullQueries = "others" }).Plan())
        );
    }

    [Fact]
    public void Pictures_with_the_same_candidates_share_the_curvature()
    {
        var request = Request("ekfac") with { Adapter = Slow(10) };
        var one = request.Plan().Stages[^1].Seconds;
        var six = (request with { Images = [.. Enumerable.Repeat("query.png", 6)] }).Plan().Stages[^1].Seconds;
        Assert.InRange(six, one, 3 * one);
        var few = request with
        {
            Candidates = new() { Limit = 2, ControlSize = 1 },
        };
        one = few.Plan().Stages[^1].Seconds;
        six = (few with { Images = [.. Enumerable.Repeat("query.png", 6)] }).Plan().Stages[^1].Seconds;
        Assert.InRange(six, 4 * one, 9 * one);
    }

    private static string Stages(RunPlan plan) =>
        string.Join(", ", plan.Stages.Select(stage => $"{stage.Stage} {stage.Pictures}"));

    private static TinyAdapter Slow(int millisecondsPerRow) =>
        new(_ => SlowModel.Of(new TinyUnet(3), millisecondsPerRow));

    private TestAudit Request(string id) => TestAudit.Of(_folder, id);
}
