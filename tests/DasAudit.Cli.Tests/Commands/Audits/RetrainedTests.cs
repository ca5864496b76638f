using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary><c>train --part</c>, and <c>audit</c> and <c>plan --retrained</c>.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class RetrainedTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Models_that_train_made_of_parts_make_a_report()
    {
        for (var i = 1; i <= 5; i++)
        {
            var trained = await TrainAsync($"halves/{i}", "--part", "0.5", "--part-seed", $"{i}", "--json");
            Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
            Assert.Equal(
                (0.5, i),
                (trained.Json().GetProperty("part").GetDouble(), trained.Json().GetProperty("partSeed").GetInt32())
            );
            Assert.Equal(3, Record($"halves/{i}").GetProperty("pictures").GetArrayLength());
        }

        var outcome = await AuditAsync(
            "--method",
            "datamodel",
            "--compare",
            "empirical-influence,pixel",
            "--retrained",
            "halves",
            "--json"
        );
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var report = outcome.Json();
        Assert.Equal(5, report.GetProperty("method").GetProperty("retrained").GetProperty("count").GetInt32());
        Assert.True(
            report
                .GetProperty("attributions")
                .EnumerateArray()
                .Select(a => a.GetProperty("score").GetDouble())
                .Distinct()
                .Count() >= 5
        );
        var hash = report.GetProperty("method").GetProperty("retrained").GetProperty("sha256").GetString()!;

        // The same models named one by one; then as people see them.
        string[] each = [.. Enumerable.Range(1, 5).SelectMany(i => new[] { "--retrained", $"halves/{i}" })];
        Assert.Equal(
            report.GetProperty("attributions").GetRawText(),
            (await AuditAsync(["--method", "datamodel", .. each, "--json"]))
                .Json()
                .GetProperty("attributions")
                .GetRawText()
        );
        Assert.Contains(
            $"5 retrained models {hash[..12]}",
            string.Join(
                ' ',
                (await AuditAsync("--method", "datamodel", "--retrained", "halves")).Out.Split(
                    (char[]?)null,
                    StringSplitOptions.RemoveEmptyEntries
                )
            ),
            StringComparison.Ordinal
        );
        Assert.Equal(
            0,
            (
                await _tool.RunAsync(
                    "reports",
                    "export",
                    report.GetProperty("id").GetString()!,
                    "--output",
                    "report.html",
                    "--quiet"
                )
            ).ExitCode
        );
        Assert.Contains(
            hash,
            await File.ReadAllTextAsync(At("report.html"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );

        var plan = await _tool.RunAsync([
            "plan",
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            "--method",
            "datamodel",
            "--retrained",
            "halves",
            "--json",
            .. SmallWorld.Quick,
        ]);
        Assert.Contains(
            plan.Json().GetProperty("stages").EnumerateArray(),
            stage => stage.GetProperty("stage").GetString() == "retrained models"
        );
    }

    [Fact]
    public async Task Training_on_all_pictures_says_so_and_has_no_part()
    {
        var trained = await TrainAsync("all", "--json");
        Assert.Equal(JsonValueKind.Null, trained.Json().GetProperty("part").ValueKind);
        Assert.Equal(
            (JsonValueKind.Null, 6),
            (
                Record("all").GetProperty("pictures").ValueKind,
                Record("all").GetProperty("dataset").GetProperty("count").GetInt32()
            )
        );
        Assert.NotEqual(0, (await AuditAsync("--method", "empirical-influence", "--retrained", "all")).ExitCode);
    }

    [Fact]
    public async Task Methods_of_retrained_models_say_which_commands_make_them()
    {
        var outcome = await AuditAsync("--method", "empirical-influence");
        Assert.Equal(
            new Outcome(
                1,
                "",
                "das-audit: The method empirical-influence needs models retrained on parts of the dataset; "
                    + "train some with train --part 0.5 --part-seed N --output MODELS/N, the rest as for the "
                    + "audited model, N = 1, 2, 3 and so on, and give audit --retrained MODELS.\n"
            ),
            outcome
        );
        Assert.Contains(
            "--part",
            (await _tool.RunAsync("methods", "list", "--json"))
                .Json()
                .GetProperty("items")
                .EnumerateArray()
                .Single(m => m.GetProperty("id").GetString() == "datamodel")
                .GetProperty("cost")
                .GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "No method that was asked for looks at --retrained; add empirical-influence or datamodel, or leave it out.",
        "audit",
        "--retrained",
        "halves"
    )]
    [InlineData("--part takes a number between 0 and 1, not '1'.", "train", "--part", "1")]
    [InlineData("--part takes a number between 0 and 1, not 'half'.", "train", "--part", "half")]
    [InlineData(
        "--part-seed says which part to train on; say with --part how large it is.",
        "train",
        "--part-seed",
        "3"
    )]
    [InlineData("--part-seed takes a whole number", "train", "--part", "0.5", "--part-seed", "x")]
    public async Task Options_that_make_no_sense_are_wrong_usage(
        string sentence,
        string command,
        params string[] options
    )
    {
        var outcome = command == "train" ? await TrainAsync("out", options) : await AuditAsync(options);
        Assert.Equal((64, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith($"das-audit: {sentence}", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public async Task Retrained_models_of_another_configuration_or_dataset_are_refused()
    {
        foreach (var i in new[] { 1, 2 })
            await TrainAsync($"halves/{i}", "--part", "0.5", "--part-seed", $"{i}");
        var config = Path.Combine(SmallWorld.Copy(world.Config, At("config")), "unet", "config.json");
        await File.WriteAllTextAsync(
            config,
            (await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken)).Replace(
                "[8,8]",
                "[8,16]",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, (await TrainOtherAsync(At("config"), world.Dataset, "wide")).ExitCode);
        var outcome = await AuditAsync(
            "--method",
            "empirical-influence",
            "--retrained",
            "halves",
            "--retrained",
            "wide"
        );
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Matches(
            "^das-audit: The retrained model 'wide' is of another kind than the audited one \\(\\d+ "
                + "parameters, and that has \\d+\\); train it from the audited model's own configuration.\n$",
            outcome.Error
        );

        for (var i = 0; i < 3; i++)
            SmallWorld.WritePicture(At($"others/{i}.png"), 50 + i);
        Assert.Equal(0, (await TrainOtherAsync(world.Config, At("others"), "foreign")).ExitCode);
        Assert.StartsWith(
            "das-audit: The retrained model 'foreign' was trained on another dataset: none of its 2 pictures is in '",
            (
                await AuditAsync("--method", "empirical-influence", "--retrained", "halves", "--retrained", "foreign")
            ).Error,
            StringComparison.Ordinal
        );
    }

    private string At(string name) => Path.Combine(_tool.WorkingDirectory, name);

    private JsonElement Record(string model)
    {
        var record = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(At($"{model}/training.json")));
        Assert.Equal("das-audit/training-set/1", record.GetProperty("schema").GetString());
        return record;
    }

    private Task<Outcome> TrainAsync(string folder, params string[] further) =>
        _tool.RunAsync([
            "train",
            "--model",
            world.Config,
            "--dataset",
            world.Dataset,
            "--output",
            folder,
            "--steps",
            "2",
            "--batch-size",
            "4",
            "--keep",
            "none",
            "--quiet",
            .. further,
        ]);

    private Task<Outcome> TrainOtherAsync(string config, string dataset, string folder) =>
        _tool.RunAsync(
            "train",
            "--model",
            config,
            "--dataset",
            dataset,
            "--output",
            folder,
            "--part",
            "0.5",
            "--steps",
            "1",
            "--batch-size",
            "4",
            "--keep",
            "none",
            "--quiet"
        );

    private Task<Outcome> AuditAsync(params string[] further) =>
        _tool.RunAsync([
            "audit",
            world.Query,
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            .. SmallWorld.Quick,
            .. further,
        ]);
}
