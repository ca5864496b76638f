using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Kernel;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Three pictures in one audit against two other pictures, five training pictures and two decoys.</summary>
public sealed class SeveralPicturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public SeveralPicturesTests()
    {
        _folder.WritePictures("set", 0, 5);
        _folder.WritePictures("unseen", 40, 2);
        _folder.WritePictures("others", 60, 2);
        foreach (var (name, seed) in ((string, int)[])[("a.png", 2), ("b.png", 9), ("c.png", 61)])
            _folder.Write(name, TestPictures.Png(seed, 8, 8));
    }

    public static TheoryData<string> Ids =>
        [
            .. MethodCatalog
                .All.Where(method => method.Needs is { Embeddings: false, RetrainedModels: 0, Replay: false })
                .Where(method => !method.Needs.Trajectory)
                .Select(method => method.Description.Id),
        ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_picture_has_the_scores_that_it_has_alone(string id)
    {
        var audit = TestAudit.Of(_folder, id) with { Decoys = "unseen", NullQueries = "others" };
        var reports = (audit with { Images = ["a.png", "b.png", "c.png"] }).Reports();
        for (var i = 0; i < 3; i++)
        {
            var alone = (audit with { Images = [$"{"abc"[i]}.png"] }).Report();
            Assert.Equal(Attributions(alone), Attributions(reports[i]));
            Assert.Equal(alone.Groups, reports[i].Groups);
            Assert.Equal(alone.Method.DampingValues, reports[i].Method.DampingValues);
        }
    }

    [Fact]
    public void Each_picture_has_a_random_ranking_of_its_own()
    {
        var reports = (TestAudit.Of(_folder, "random") with { Images = ["a.png", "b.png", "c.png"] }).Reports();
        var scores = reports.SelectMany(report => report.Attributions.Select(attribution => attribution.Score));
        Assert.Equal(15, scores.Distinct().Count());
    }

    [Theory]
    [InlineData("das", 2)]
    [InlineData("pva-mini", 6)]
    [InlineData("das-v", 2)]
    [InlineData("activation-ridge", 4)]
    public void Kernels_are_factorised_once_for_all_pictures(string id, int kernels)
    {
        var method = MethodCatalog.Find(id);
        var audit = TestAudit.Of(_folder, id) with { Images = ["a.png", "b.png", "c.png"] };
        using var reading = new AuditReading(audit);
        var tables = reading.Queries.Select(query => Table(reading.Inputs.For(method, query))).ToList();
        foreach (var query in reading.Queries)
            method.Score(reading.Inputs.For(method, query), new(), TestContext.Current.CancellationToken);
        Assert.Equal(kernels, tables[0].Kernels!.Cache.Computed);
    }

    private static FeatureTable Table(MethodInputs inputs) => inputs.Activations ?? inputs.Features.Values.First()[0];

    private static IEnumerable<(string, double, double?, int, double?)> Attributions(AuditReport report) =>
        report.Attributions.Select(a => (a.Item, a.Score, a.StandardError, a.Direction, a.PValue));
}
