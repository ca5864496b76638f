using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

[Collection(nameof(SmallWorldTests))]
public sealed class DemoCommandTests : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    /// <summary>A miniature of the sample; only its encoder is the real one.</summary>
    public DemoCommandTests(SmallWorld world)
    {
        var sample = Path.Combine(_tool.ToolDirectory, "sample");
        SmallWorld.Copy(world.Dataset, Path.Combine(sample, "dataset"));
        SmallWorld.Copy(world.Model, Path.Combine(sample, "model"));
        SmallWorld.Copy(Path.Combine(AppContext.BaseDirectory, "sample", "encoder"), Path.Combine(sample, "encoder"));
        Directory.CreateDirectory(Path.Combine(sample, "generated"));
        File.Copy(world.Query, Path.Combine(sample, "generated", "seed-0.png"));
        File.Copy(world.OtherQuery, Path.Combine(sample, "generated", "seed-1.png"));
    }

    public void Dispose() => _tool.Dispose();

    private string Folder => Path.Combine(_tool.WorkingDirectory, "das-audit-demo");

    [Fact]
    public async Task It_unpacks_audits_and_shows_what_the_pictures_are_owed_to()
    {
        var outcome = await _tool.RunAsync("demo", "--threads", "2");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Unpacked the sample into ./das-audit-demo (", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("seed-0.png", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("seed-1.png", outcome.Out, StringComparison.Ordinal);
        var reports = (
            await _tool.RunAsync("reports", "list", "--store", "das-audit-demo/.das-audit/audits.db", "--json")
        )
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .ToList();
        Assert.Equal(2, reports.Count);
        foreach (var report in reports)
        {
            var name = Path.GetFileName(report.GetProperty("query").GetProperty("path").GetString()!);
            var first = report.GetProperty("attributions")[0];
            var page = await File.ReadAllTextAsync(
                Path.Combine(Folder, "reports", Path.ChangeExtension(name, ".html")),
                TestContext.Current.CancellationToken
            );
            Assert.Contains(report.GetProperty("id").GetString()!, page, StringComparison.Ordinal);
            Assert.Contains(first.GetProperty("item").GetString()!, page, StringComparison.Ordinal);
            var row = outcome.Out[outcome.Out.IndexOf(name, StringComparison.Ordinal)..];
            Assert.Contains(
                report.GetProperty("groups")[0].GetProperty("key").GetString()!,
                row,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_second_demo_shows_the_stored_reports_again()
    {
        var first = await _tool.RunAsync("demo", "--json", "--quiet", "--threads", "2");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        var before = SmallWorld.Contents(Folder);
        var second = await _tool.RunAsync("demo", "--json", "--quiet", "--threads", "2");
        Assert.Equal(first, second);
        Assert.Equal(before, SmallWorld.Contents(Folder));
    }

    [Fact]
    public async Task A_picture_that_came_later_is_audited_and_the_others_are_not_again()
    {
        var first = (await _tool.RunAsync("demo", "--json", "--quiet"))
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .Select(Id)
            .ToList();
        SmallWorld.WritePicture(Path.Combine(Folder, "generated", "seed-2.png"), 44);
        var second = (await _tool.RunAsync("demo", "--json", "--quiet"))
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .Select(Id)
            .ToList();
        Assert.Equal(3, second.Count);
        Assert.Equal(first, second[..2]);
    }

    [Fact]
    public async Task Another_seed_is_another_audit()
    {
        var first = (await _tool.RunAsync("demo", "--json", "--quiet"))
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .Select(Id)
            .ToList();
        var second = (await _tool.RunAsync("demo", "--json", "--quiet", "--seed", "5"))
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .ToList();
        Assert.All(second, report => Assert.Equal(5, report.GetProperty("method").GetProperty("seed").GetInt64()));
        Assert.Empty(first.Intersect(second.Select(Id)));
    }

    private static string? Id(System.Text.Json.JsonElement report) => report.GetProperty("id").GetString();
}
