using System.Security.Cryptography;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Models;

[Collection(nameof(SmallWorldTests))]
public sealed class GenerateCommandTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("ddim")]
    [InlineData("ddpm")]
    public async Task A_seed_gives_the_same_file_alone_and_among_others_with_any_number_of_threads(string sampler)
    {
        await GenerateAsync("three", "--seed", "7", "--count", "3", "--threads", "2", "--sampler", sampler);
        await GenerateAsync("one", "--seed", "8", "--threads", "1", "--sampler", sampler);
        var three = SmallWorld.Contents(Path.Combine(_tool.WorkingDirectory, "three"));
        var one = Assert.Single(SmallWorld.Contents(Path.Combine(_tool.WorkingDirectory, "one")));
        Assert.Equal(["seed-7.png", "seed-8.png", "seed-9.png"], three.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("seed-8.png", one.Key);
        Assert.Equal(three["seed-8.png"], one.Value);
        Assert.Equal(3, three.Values.Distinct().Count());
    }

    [Fact]
    public async Task The_document_names_each_picture_with_its_seed_and_hash()
    {
        var document = (await GenerateAsync("out", "--seed", "3", "--count", "2")).Json();
        Assert.Equal("das-audit/pictures/1", document.GetProperty("schema").GetString());
        var items = document.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["out/seed-3.png", "out/seed-4.png"], items.Select(item => item.GetProperty("path").GetString()));
        Assert.Equal([3, 4], items.Select(item => item.GetProperty("seed").GetInt64()));

        // The same hash that an audit of the file states.
        var report = (
            await _tool.RunAsync([
                "audit",
                "out/seed-3.png",
                "--model",
                world.Model,
                "--dataset",
                world.Dataset,
                "--json",
                .. SmallWorld.Quick,
            ])
        ).Json();
        Assert.Equal(
            report.GetProperty("query").GetProperty("pixelSha256").GetString(),
            items[0].GetProperty("pixelSha256").GetString()
        );
        var bytes = await File.ReadAllBytesAsync(
            Path.Combine(_tool.WorkingDirectory, "out", "seed-3.png"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            report.GetProperty("query").GetProperty("sha256").GetString()
        );
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_refused_and_no_folder_is_made()
    {
        var outcome = await _tool.RunAsync("generate", "--model", "nowhere", "--output", "out");
        Assert.Equal(
            new Outcome(1, "", "das-audit: There is no model at 'nowhere'; give the folder of a checkpoint.\n"),
            outcome
        );
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, "out")));
    }

    [Fact]
    public async Task A_model_without_weights_is_refused()
    {
        var outcome = await _tool.RunAsync("generate", "--model", world.Config, "--output", "out", "--quiet");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("holds no diffusion_pytorch_model.safetensors", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    private async Task<Outcome> GenerateAsync(string folder, params string[] further)
    {
        var outcome = await _tool.RunAsync([
            "generate",
            "--model",
            world.Model,
            "--output",
            folder,
            "--sampling-steps",
            "4",
            "--json",
            "--quiet",
            .. further,
        ]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome;
    }
}
