using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Features;

[Collection(nameof(SmallWorldTests))]
public sealed class FeaturesBuildTests(SmallWorld world) : IDisposable
{
    private static readonly string[] Gradients =
    [
        "--timesteps",
        "2",
        "--replicates",
        "2",
        "--projection",
        "sjlt:64",
        "--threads",
        "2",
    ];

    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task It_prints_one_document()
    {
        var first = await BuildAsync("--output", "kept", "--json");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        var document = first.Json();
        Assert.Equal("das-audit/features-build/1", document.GetProperty("schema").GetString());
        Assert.Equal(
            ("kept", "1/1"),
            (document.GetProperty("folder").GetString(), document.GetProperty("shard").GetString())
        );
        Assert.Equal([6, 6, 0, 0], Counts(document));
        Assert.Equal(
            Directory
                .GetFiles(Path.Combine(_tool.WorkingDirectory, "kept"), "*.safetensors")
                .Sum(path => new FileInfo(path).Length),
            document.GetProperty("bytes").GetInt64()
        );
        Assert.True(document.GetProperty("seconds").GetDouble() > 0);

        var again = (await BuildAsync("--output", "kept", "--json")).Json();
        Assert.Equal([6, 0, 6, 0], Counts(again));
    }

    [Fact]
    public async Task An_audit_with_the_same_options_computes_the_audited_picture_alone_and_reports_the_same()
    {
        var without = Result((await AuditAsync("--no-features")).Out);
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, ".das-audit", "features")));
        await BuildAsync();
        var shards = Shards();
        Assert.Single(shards);
        var audit = await AuditAsync();
        Assert.Equal(without, Result(audit.Out));
        Assert.Contains("computing gradients: 1 of 1", audit.Error);
        // One for each kind of the audited picture's features.
        Assert.Equal(4, Shards().Length);
        Assert.Subset(Shards().ToHashSet(), shards.ToHashSet());

        var second = await AuditAsync();
        Assert.Equal(without, Result(second.Out));
        Assert.DoesNotContain("computing gradients", second.Error);
    }

    [Fact]
    public async Task A_folder_made_with_other_options_is_left_as_it_is()
    {
        await BuildAsync("--output", "kept");
        var before = Kept();
        var audit = await AuditAsync("--features", "kept", "--timesteps", "3");
        Assert.Equal(0, audit.ExitCode);
        Assert.Contains("The features that lie in 'kept' itself were made", audit.Error);
        Assert.Contains("250, 750", audit.Error);
        Assert.Subset(Kept().ToHashSet(), before.ToHashSet());
        before = Kept();
        var build = await BuildAsync("--output", "kept", "--format", "f16");
        Assert.Equal(
            (
                1,
                "das-audit: The features in 'kept' were made with the number format f32, not f16; give "
                    + "another folder, or the settings they were made with.\n"
            ),
            (build.ExitCode, build.Error)
        );
        Assert.Equal(before, Kept());
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, ".das-audit", "features")));
    }

    [Fact]
    public async Task A_damaged_shard_is_found_and_after_its_deletion_made_again()
    {
        await BuildAsync("--output", "kept");
        var before = SmallWorld.Contents(Path.Combine(_tool.WorkingDirectory, "kept"));
        var shard = Assert.Single(Directory.GetFiles(Path.Combine(_tool.WorkingDirectory, "kept"), "*.safetensors"));
        var bytes = File.ReadAllBytes(shard);
        bytes[^500] ^= 16;
        File.WriteAllBytes(shard, bytes);
        var shown = Path.Combine("kept", Path.GetFileName(shard));
        var sentence =
            $"das-audit: '{shown}' is damaged or no shard of features; "
            + "delete that file, and the next run computes its pictures anew.\n";
        Assert.Equal(new Outcome(1, "", sentence), await BuildAsync("--output", "kept"));
        Assert.Equal(new Outcome(1, "", sentence), await AuditAsync("--features", "kept", "--quiet"));
        Assert.Equal([shard], Directory.GetFiles(Path.Combine(_tool.WorkingDirectory, "kept"), "*.safetensors"));
        File.Delete(shard);
        Assert.Equal(0, (await BuildAsync("--output", "kept")).ExitCode);
        Assert.Equal(before, SmallWorld.Contents(Path.Combine(_tool.WorkingDirectory, "kept")));
    }

    [Fact]
    public async Task Float16_takes_half_the_room_and_audits_use_it()
    {
        await BuildAsync("--output", "half", "--format", "f16", "--projection", "sjlt:4096");
        await BuildAsync("--output", "whole", "--projection", "sjlt:4096");
        Assert.InRange(Size("half"), Size("whole") * 0.5, Size("whole") * 0.55);
        var audit = await AuditAsync("--features", "half", "--projection", "sjlt:4096");
        Assert.Contains(
            JsonElement.Parse(audit.Out).GetProperty("limits").EnumerateArray(),
            limit => limit.GetString()!.Contains("float16", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Parts_share_the_pictures()
    {
        var counts = new List<int>();
        for (var i = 1; i <= 2; i++)
            counts.Add(
                (await BuildAsync("--output", "part", "--shard", $"{i}/2", "--json"))
                    .Json()
                    .GetProperty("computed")
                    .GetInt32()
            );
        // One block of 64 holds all six.
        Assert.Equal([6, 0], counts);
    }

    [Theory]
    [InlineData("--shard", "3/2", "'3/2' is no part of a whole; write I/N with I from 1 to N, such as 1/4.")]
    [InlineData("--format", "f64", "takes one of f32, f16, not 'f64'.")]
    [InlineData("--memory", "much", "takes a size such as 2GiB or 800MiB, not 'much'.")]
    public async Task Wrong_values_are_wrong_usage(string option, string value, string words)
    {
        var outcome = await BuildAsync(option, value);
        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains($"das-audit: {option} {words}\n", outcome.Error);
    }

    [Fact]
    public async Task Too_little_memory_and_a_metric_that_is_none_are_refused_and_nothing_is_made()
    {
        var outcome = await BuildAsync("--memory", "1k", "--output", "kept");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("--memory", outcome.Error);
        File.WriteAllText(Path.Combine(_tool.WorkingDirectory, "metric"), "text");
        outcome = await BuildAsync("--metric", "metric", "--output", "other");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("is no valid safetensors file", outcome.Error);
        Assert.Empty(Directory.GetFiles(_tool.WorkingDirectory, "*.safetensors", SearchOption.AllDirectories));
    }

    private Task<Outcome> BuildAsync(params string[] args) =>
        _tool.RunAsync([
            "features",
            "build",
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            "--quiet",
            .. Merge(args),
        ]);

    private Task<Outcome> AuditAsync(params string[] args) =>
        _tool.RunAsync([
            "audit",
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            "--candidates",
            "all",
            "--json",
            .. Merge(args),
        ]);

    // Options stand once.
    private static IEnumerable<string> Merge(string[] args) =>
        args.Concat(Gradients.Chunk(2).Where(pair => !args.Contains(pair[0])).SelectMany(pair => pair));

    private long Size(string folder) =>
        Directory
            .GetFiles(Path.Combine(_tool.WorkingDirectory, folder), "*.safetensors")
            .Sum(path => new FileInfo(path).Length);

    private static int[] Counts(JsonElement document) =>
        [
            .. new[] { "pictures", "computed", "present", "skipped" }.Select(name =>
                document.GetProperty(name).GetInt32()
            ),
        ];

    private IReadOnlyDictionary<string, string> Kept() =>
        SmallWorld.Contents(Path.Combine(_tool.WorkingDirectory, "kept"));

    private string[] Shards() =>
        Directory.GetFiles(
            Path.Combine(_tool.WorkingDirectory, ".das-audit", "features"),
            "*.safetensors",
            SearchOption.AllDirectories
        );

    private static string Result(string json)
    {
        var report = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        foreach (var name in new[] { "id", "createdUtc", "timings" })
            report.Remove(name);
        return report.ToJsonString();
    }
}
