using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Planning;
using DasAudit.Core.Tests.Audits;

namespace DasAudit.Core.Tests.Planning;

/// <summary>Which stages a plan has, on how many pictures, and what is kept; how long they take is the machine's affair.</summary>
public sealed class RunPlannerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RunPlannerTests()
    {
        for (var i = 0; i < 6; i++)
            _folder.Write($"set/p{i}.png", TestPictures.Png(i, 8, 8));
        for (var i = 6; i < 10; i++)
            _folder.Write($"unseen/p{i}.png", TestPictures.Png(i, 8, 8));
        for (var i = 20; i < 23; i++)
            _folder.Write($"others/p{i}.png", TestPictures.Png(i, 8, 8));
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
    [InlineData("das")]
    [InlineData("activation-ridge")]
    [InlineData("ekfac")]
    public void Every_stage_takes_time(string id) =>
        Assert.All(Request(id).Plan().Stages, stage => Assert.True(stage.Seconds > 0));

    [Fact]
    public void Without_pictures_to_audit_the_features_of_the_whole_dataset_are_planned() =>
        Assert.Equal("dataset 6, gradients 6", Stages((Request("das") with { Images = [], Decoys = "unseen" }).Plan()));

    [Fact]
    public void Kept_features_are_disk_and_those_of_decoys_too()
    {
        var alone = (Request("das") with { FeatureStores = "features" }).Plan();
        var beside = (Request("das") with { FeatureStores = "features", Decoys = "unseen" }).Plan();
        // Two noise draws of two kinds, 64 numbers of 4 bytes; the query has fewer kinds.
        Assert.Equal(4 * 2 * 2 * 64 * 4, beside.DiskBytes - alone.DiskBytes);
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

    private static string Stages(RunPlan plan) =>
        string.Join(", ", plan.Stages.Select(stage => $"{stage.Stage} {stage.Pictures}"));

    private TestAudit Request(string id) => TestAudit.Of(_folder, id);
}
