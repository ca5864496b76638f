using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Audits;
using DasAudit.Core.Gradients.Projections;
using DasAudit.Core.Tests.Attribution.Methods;
using DasAudit.Core.Tests.Datasets;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Every method of gradient features in an audit of a real network, from pictures to ranks.</summary>
public sealed class MethodAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public MethodAuditTests()
    {
        for (var i = 0; i < 6; i++) _folder.Write($"set/p{i}.png", Pictures.Png(i, 8, 8));
        _folder.Write("query.png", Pictures.Png(2, 8, 8));
    }

    // A trajectory is what generate knows of its own pictures, not what a folder of pictures knows.
    public static TheoryData<string> Ids => [.. ReferenceTests.Ids.Where(id => id != "journey-trak")];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_method_ranks_the_pictures_of_a_folder(string id)
    {
        var report = Assert.Single(new AuditPipeline(TimeProvider.System, null).Run(
            new()
            {
                Images = ["query.png"],
                Model = new(new AuditPipelineTests.TinyAdapter(), "1.2.3", new string('c', 64), "model", _folder.Path),
                Dataset = "set",
                WorkingDirectory = _folder.Path,
                Tool = new("9.9.9", "commit"),
                Environment = new("os", "runtime", "libtorch", "cpu", 2),
                Candidates = new() { Limit = null },
                Gradients = new() { Timesteps = 3, Replicates = 2, Projection = ProjectionOptions.Parse("sjlt:256") },
                Methods = [MethodCatalog.Find(id)],
            },
            TestContext.Current.CancellationToken)).Report;
        Assert.Equal(id, report.Method.Id);
        Assert.Equal(MethodCatalog.Find(id).Description.Damping?.ToString() ?? "none", report.Method.Damping);
        Assert.All(report.Attributions, attribution => Assert.True(double.IsFinite(attribution.Score)));
        Assert.Equal(6, report.Attributions.Select(attribution => attribution.Score).Distinct().Count());

        // By Cauchy and Schwarz these cannot put another picture before the query itself; other methods weigh pictures by their gradients' lengths.
        if (id is "gradient-cosine" or "diffusion-retrac" or "dmin" or "l-relative-if") Assert.Equal("p2.png", report.Attributions[0].Item);
    }
}
