using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Commands.Datasets;

/// <summary>What the commands that use a dataset do with its index.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class IndexedAuditTests : IDisposable
{
    private readonly SmallWorld _world;
    private readonly Tool _tool = SmallWorld.NewTool();

    public IndexedAuditTests(SmallWorld world)
    {
        _world = world;
        _tool.Variables.Clear();
        _tool.Replace = services => services.AddSingleton<TimeProvider>(new ShiftedTime(TimeSpan.FromHours(1)));
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_second_audit_reads_no_unchanged_file_scores_the_same_and_says_so()
    {
        var first = await AuditAsync();
        Assert.False(first.GetProperty("dataset").TryGetProperty("hashes", out _));
        var second = await AuditAsync();
        var hashes = second.GetProperty("dataset").GetProperty("hashes");
        Assert.Equal("index", hashes.GetProperty("from").GetString());
        Assert.Equal((6, 0), (hashes.GetProperty("files").GetInt32(), hashes.GetProperty("anew").GetInt32()));
        Assert.InRange(
            hashes.GetProperty("indexed").GetDateTimeOffset() - DateTimeOffset.UtcNow,
            TimeSpan.FromMinutes(50),
            TimeSpan.FromMinutes(61)
        );
        var limit = Assert.Single(Limits(second), text => text.Contains("index", StringComparison.Ordinal));
        Assert.Contains("Of 6 files of ", limit, StringComparison.Ordinal);
        Assert.Contains("; --rehash reads all files.", limit, StringComparison.Ordinal);
        Assert.Equal(Figures(first), Figures(second));

        var third = await AuditAsync("--rehash");
        Assert.False(third.GetProperty("dataset").TryGetProperty("hashes", out _));
        Assert.Equal(Limits(first), Limits(third));
    }

    [Fact]
    public async Task The_page_says_so_too()
    {
        await AuditAsync();
        var id = (await AuditAsync()).GetProperty("id").GetString()!;
        var page = await _tool.RunAsync("reports", "export", id, "--format", "md");
        Assert.Contains("| Files not read again | 6, known to an index |", page.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_and_training_use_the_index_of_dataset_index()
    {
        var indexed = await _tool.RunAsync("dataset", "index", _world.Dataset);
        Assert.Equal(0, indexed.ExitCode);
        var features = await _tool.RunAsync([
            "features",
            "build",
            "--model",
            _world.Model,
            "--dataset",
            _world.Dataset,
            .. Gradients,
        ]);
        Assert.Contains("6 were not read again", features.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("--rehash reads all files", features.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        var train = await _tool.RunAsync(
            "train",
            "--model",
            _world.Config,
            "--dataset",
            _world.Dataset,
            "--output",
            "trained",
            "--steps",
            "1",
            "--warmup",
            "0"
        );
        Assert.Contains("6 were not read again", train.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static string[] Gradients =>
        ["--timesteps", "2", "--replicates", "2", "--projection", "sjlt:64", "--threads", "2"];

    private async Task<JsonElement> AuditAsync(params string[] options)
    {
        var outcome = await _tool.RunAsync([
            "audit",
            _world.Query,
            "--model",
            _world.Model,
            "--dataset",
            _world.Dataset,
            .. SmallWorld.Quick,
            "--json",
            .. options,
        ]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Json();
    }

    private static IEnumerable<string> Limits(JsonElement report) =>
        report.GetProperty("limits").EnumerateArray().Select(limit => limit.GetString()!);

    private static string Figures(JsonElement report)
    {
        var parts = new JsonArray();
        foreach (var name in new[] { "attributions", "groups", "candidates" })
            parts.Add(JsonNode.Parse(report.GetProperty(name).GetRawText()));
        parts.Add(report.GetProperty("dataset").GetProperty("root").GetString());
        return parts.ToJsonString();
    }
}
