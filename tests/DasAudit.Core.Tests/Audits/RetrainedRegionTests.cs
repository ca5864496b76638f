using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Audits of a part of a picture that compare retrained models, on pixels and on latents.</summary>
public sealed class RetrainedRegionTests : IDisposable
{
    private readonly RetrainedWorld _world = new();

    public static TheoryData<string> Ids =>
        [
            .. MethodCatalog
                .All.Where(method => method.Needs.RetrainedModels > 0)
                .Select(method => method.Description.Id),
        ];

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_method_follows_the_region(string id)
    {
        // Each path's last character makes another model.
        TinyAdapter[] adapters = [new(path => new TinyUnet(path[^1])), new(path => new LatentModel(path[^1]))];
        foreach (var adapter in adapters)
        {
            var request = _world.Request(id) with { Adapter = adapter };
            var whole = Scores(request.Report());
            var left = Scores((request with { Region = RegionChoice.Parse("0,0,1,2") }).Report());
            var right = Scores((request with { Region = RegionChoice.Parse("1,0,1,2") }).Report());

            Assert.NotEqual(left, right);
            Assert.NotEqual(left, whole);
            Assert.NotEqual(right, whole);
            // Differences of mean losses, and a mean over the whole is that of its halves' means.
            if (id == "empirical-influence")
                Assert.All(whole, of => Assert.Equal(of.Value, (left[of.Key] + right[of.Key]) / 2, 1e-6));
        }
    }

    private static SortedDictionary<string, double> Scores(AuditReport report) =>
        new(report.Attributions.ToDictionary(a => a.Item, a => a.Score), StringComparer.Ordinal);
}
