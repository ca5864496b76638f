using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

[Collection(nameof(SmallWorldTests))]
public sealed class AuditCommandTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task One_picture_gives_one_report_document()
    {
        var outcome = await AuditAsync([world.Query]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var report = outcome.Json();
        Assert.Equal("das-audit/report/1", report.GetProperty("schema").GetString());
        var query = report.GetProperty("query");
        Assert.Equal(world.Query, query.GetProperty("path").GetString());
        Assert.Equal(Sha256(world.Query), query.GetProperty("sha256").GetString());
        Assert.Equal((8, 8), (query.GetProperty("width").GetInt32(), query.GetProperty("height").GetInt32()));
        Assert.Equal("diffusers", report.GetProperty("model").GetProperty("adapter").GetString());
        Assert.Equal(6, report.GetProperty("dataset").GetProperty("count").GetInt32());
        Assert.Equal(6, report.GetProperty("candidates").GetProperty("count").GetInt32());
        var method = report.GetProperty("method");
        Assert.Equal([250, 750], method.GetProperty("timesteps").EnumerateArray().Select(t => t.GetInt32()));
        Assert.Equal("sjlt:64", method.GetProperty("projection").GetString());
        Assert.Equal(2, method.GetProperty("dampingValues").GetArrayLength());
    }

    [Fact]
    public async Task Attributions_fall_by_score_and_shares_sum_to_one()
    {
        var report = (await AuditAsync([world.Query])).Json();
        var attributions = report.GetProperty("attributions").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], attributions.Select(a => a.GetProperty("rank").GetInt32()));
        var scores = attributions.Select(a => a.GetProperty("score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, score => Assert.True(score >= 0));
        Assert.True(scores[0] > scores[^1], "The scores tell pictures apart.");
        Assert.All(
            attributions,
            a =>
            {
                var item = a.GetProperty("item").GetString()!;
                Assert.Equal(Sha256(Path.Combine(world.Dataset, item)), a.GetProperty("sha256").GetString());
                Assert.Equal(
                    item switch
                    {
                        "p0.png" or "p1.png" or "p2.png" => "Ann",
                        "p5.png" => null,
                        _ => "Bob",
                    },
                    a.GetProperty("rightsHolder").GetString()
                );
            }
        );
        var groups = report.GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(
            ["(not stated)", "Ann", "Bob"],
            groups.Select(g => g.GetProperty("key").GetString()).Order(StringComparer.Ordinal)
        );
        Assert.Equal(1, groups.Sum(g => g.GetProperty("share").GetDouble()), 1e-12);
        Assert.All(
            groups,
            g =>
                Assert.InRange(
                    g.GetProperty("share").GetDouble(),
                    g.GetProperty("low").GetDouble(),
                    g.GetProperty("high").GetDouble()
                )
        );
        Assert.Equal(6, groups.Sum(g => g.GetProperty("items").GetInt32()));
    }

    [Fact]
    public async Task The_report_is_in_the_store_as_it_was_printed()
    {
        var printed = await AuditAsync([world.Query]);
        var shown = await _tool.RunAsync("reports", "show", printed.Json().GetProperty("id").GetString()!, "--json");
        Assert.Equal(new Outcome(0, printed.Out, ""), shown);
    }

    [Fact]
    public async Task A_split_of_the_dataset_can_be_the_decoys_of_an_audit_and_of_its_plan()
    {
        var dataset = SmallWorld.Copy(world.Dataset, Path.Combine(_tool.WorkingDirectory, "split:test"));
        File.WriteAllLines(
            Path.Combine(dataset, "metadata.jsonl"),
            Enumerable
                .Range(0, 6)
                .Select(i => $$"""{"file_name": "p{{i}}.png", "split": "{{(i < 4 ? "train" : "test")}}"}""")
        );
        string[] line =
        [
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            "split:test",
            "--decoys",
            "split:test",
            "--json",
            .. SmallWorld.Quick,
        ];
        var report = (await _tool.RunAsync(["audit", .. line])).Json();
        Assert.Equal(
            (4, 4),
            (
                report.GetProperty("dataset").GetProperty("count").GetInt32(),
                report.GetProperty("attributions").GetArrayLength()
            )
        );
        var decoys = report.GetProperty("evidence").GetProperty("decoys");
        Assert.Equal(
            ("split:test", 2),
            (decoys.GetProperty("source").GetString(), decoys.GetProperty("count").GetInt32())
        );

        var plan = (await _tool.RunAsync(["plan", .. line])).Json();
        Assert.Equal(
            [("dataset", 4), ("decoys", 2), ("gradients", 7), ("attribution", 6)],
            plan.GetProperty("stages")
                .EnumerateArray()
                .Select(stage => (stage.GetProperty("stage").GetString()!, stage.GetProperty("pictures").GetInt32()))
        );
    }

    [Fact]
    public async Task Decoys_need_a_name()
    {
        var outcome = await _tool.RunAsync(
            "audit",
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            "--decoys",
            "split:"
        );
        Assert.Equal(64, outcome.ExitCode);
        Assert.StartsWith(
            "das-audit: --decoys 'split:' names neither a folder nor a split; give a folder, or split:NAME "
                + "for a split of the dataset.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, "--output report.html\n")]
    [InlineData(".das-audit/audits.db", "--output report.html\n")]
    [InlineData("other/mine.db", "--output report.html --store other/mine.db\n")]
    [InlineData("my store.db", "--output report.html --store \"my store.db\"\n")]
    public async Task The_hint_names_the_store_unless_it_is_the_usual_one(string? store, string end)
    {
        var outcome = await _tool.RunAsync([
            "audit",
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            .. SmallWorld.Quick.Where(word => word != "--quiet"),
            .. store is null ? Array.Empty<string>() : ["--store", store],
        ]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.EndsWith(end, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_seed_gives_another_result()
    {
        var first = JsonNode.Parse((await AuditAsync([world.Query], "--seed", "1")).Out)!;
        var second = JsonNode.Parse((await AuditAsync([world.Query], "--seed", "2")).Out)!;
        Assert.NotEqual(first["attributions"]!.ToJsonString(), second["attributions"]!.ToJsonString());
    }

    [Fact]
    public async Task Fewer_candidates_than_pictures_are_chosen_by_the_encoder()
    {
        var report = (
            await AuditAsync(
                [world.Query],
                "--candidates",
                "2",
                "--encoder",
                Path.Combine(AppContext.BaseDirectory, "sample", "encoder")
            )
        ).Json();
        Assert.Equal(
            2,
            report
                .GetProperty("candidates")
                .GetProperty("tiers")
                .EnumerateArray()
                .Single(t => t.GetProperty("name").GetString() == "semantic")
                .GetProperty("count")
                .GetInt32()
        );
        var encoder = report.GetProperty("encoder");
        Assert.Equal(64, encoder.GetProperty("sha256").GetString()!.Length);
        Assert.Equal("preprocessor_config.json", encoder.GetProperty("preprocessingSource").GetString());
        Assert.All(
            report.GetProperty("attributions").EnumerateArray(),
            a => Assert.InRange(a.GetProperty("similarity").GetDouble(), -1.000001, 1.000001)
        );
    }

    [Fact]
    public async Task Groups_follow_the_key_that_was_asked_for()
    {
        var report = (await AuditAsync([world.Query], "--group-by", "license", "--top", "1")).Json();
        Assert.Equal("license", report.GetProperty("groupedBy").GetString());
        Assert.Equal(
            ["(not stated)", "CC0-1.0"],
            report
                .GetProperty("groups")
                .EnumerateArray()
                .Select(g => g.GetProperty("key").GetString())
                .Order(StringComparer.Ordinal)
        );
        Assert.Single(report.GetProperty("attributions").EnumerateArray());
    }

    [Fact]
    public async Task Without_json_it_prints_what_reports_show_prints_and_says_how_to_export()
    {
        var arguments = SmallWorld.Quick.Where(argument => argument != "--quiet");
        var outcome = await _tool.RunAsync([
            "audit",
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            .. arguments,
        ]);
        Assert.Equal(0, outcome.ExitCode);
        var id = Assert
            .Single((await _tool.RunAsync("reports", "list", "--json")).Json().GetProperty("items").EnumerateArray())
            .GetProperty("id")
            .GetString()!;
        Assert.Equal((await _tool.RunAsync("reports", "show", id)).Out, outcome.Out);
        Assert.EndsWith($"reports export {id} --output report.html\n", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ekfac")]
    [InlineData("kfac")]
    [InlineData("activation-ridge")]
    public async Task Methods_with_passes_of_their_own_work_from_end_to_end(string id)
    {
        var outcome = await AuditAsync([world.Query], "--method", id);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(id, outcome.Json().GetProperty("method").GetProperty("id").GetString());
        Assert.Equal(
            6,
            outcome
                .Json()
                .GetProperty("attributions")
                .EnumerateArray()
                .Select(a => a.GetProperty("score").GetDouble())
                .Distinct()
                .Count()
        );
    }

    [Fact]
    public async Task The_report_has_the_damping_curve_and_what_else_was_asked_for()
    {
        var plain = (await AuditAsync([world.Query])).Json();
        Assert.Equal(9, plain.GetProperty("dampingCurve").GetArrayLength());
        Assert.All(new[] { "dampingBand", "subset" }, name => Assert.False(plain.TryGetProperty(name, out _)));
        Assert.False(plain.GetProperty("method").TryGetProperty("background", out _));

        var encoder = Path.Combine(AppContext.BaseDirectory, "sample", "encoder");
        string[] further =
        [
            "--subset",
            "2",
            "--damping",
            "band",
            "--candidates",
            "2",
            "--encoder",
            encoder,
            "--background",
            "1",
            "--null-queries",
            world.Dataset,
        ];
        var report = (await AuditAsync([world.Query], further)).Json();
        Assert.InRange(report.GetProperty("subset").GetProperty("order").GetArrayLength(), 1, 2);
        Assert.Equal(
            report.GetProperty("attributions").GetArrayLength(),
            report.GetProperty("dampingBand").GetProperty("items").GetArrayLength()
        );
        // Two similar pictures and 20 controls are all six, so no picture is left for the background.
        Assert.False(report.GetProperty("method").TryGetProperty("background", out _));
        Assert.Equal("queries", report.GetProperty("evidence").GetProperty("nullPool").GetProperty("kind").GetString());

        var page = (await _tool.RunAsync("reports", "show", report.GetProperty("id").GetString()!)).Out;
        Assert.All(
            new[] { "Most influential together:", "damping curve", "damping band" },
            words => Assert.Contains(words, page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Two_nulls_at_once_are_wrong_usage()
    {
        var outcome = await AuditAsync([world.Query], "--decoys", world.Dataset, "--null-queries", world.Dataset);
        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains("--decoys and --null-queries", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Junk_among_the_plugins_does_not_stop_a_good_adapter()
    {
        var junk = Path.Combine(_tool.ToolDirectory, "plugins", "Junk");
        Directory.CreateDirectory(junk);
        await File.WriteAllTextAsync(Path.Combine(junk, "Junk.dll"), "junk", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_tool.ToolDirectory, "plugins", "Empty"));
        var outcome = await AuditAsync([world.Query]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
    }

    private Task<Outcome> AuditAsync(string[] images, params string[] further) =>
        _tool.RunAsync(world.AuditArguments(images, further));

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
