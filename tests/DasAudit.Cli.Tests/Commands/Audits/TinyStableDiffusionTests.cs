using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Pictures;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>The sample's tiny Stable Diffusion and its LoRA, as they are shipped.</summary>
public sealed class TinyStableDiffusionTests : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task It_makes_the_shipped_picture_from_its_prompt_and_seed()
    {
        var shipped = Sample("lora-generated/seed-1.png");
        var outcome = await _tool.RunAsync(
            "generate",
            "--model",
            Sample("tiny-sd"),
            "--lora",
            Sample("lora"),
            "--prompt",
            "skull, openmoji",
            "--guidance",
            "2",
            "--seed",
            "1",
            "--output",
            "out",
            "--quiet"
        );
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var made = Path.Combine(_tool.WorkingDirectory, "out", "seed-1.png");
        // Another processor may round otherwise; another picture differs by dozens of levels.
        Assert.InRange(MeanDifference(shipped, made), 0, 1);
    }

    [Fact]
    public async Task Audits_of_the_shipped_pictures_name_the_pictures_that_their_prompts_describe()
    {
        var pictures = Enumerable.Range(0, 4).Select(seed => Sample($"lora-generated/seed-{seed}.png"));
        var outcome = await _tool.RunAsync([
            "audit",
            .. pictures,
            "--model",
            Sample("tiny-sd"),
            "--lora",
            Sample("lora"),
            "--dataset",
            Sample("lora-pictures"),
            "--json",
            "--quiet",
        ]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var reports = outcome.Json().GetProperty("items").EnumerateArray();
        Assert.Equal(
            ["angry face with horns", "skull", "smiling face with sunglasses", "winking face with tongue"],
            reports.Select(report => report.GetProperty("attributions")[0].GetProperty("title").GetString())
        );
    }

    [Theory]
    [InlineData]
    [InlineData("--prompt", "a skull", "--negative-prompt", "blurry", "--lora-weight", "0.5")]
    public async Task A_replay_gives_the_same_with_prompt_captions_and_LoRA(params string[] options)
    {
        var weight = options is [.., "--lora-weight", var number] ? $":{number}" : "";
        string[] audit =
        [
            "audit",
            Sample("lora-generated/seed-1.png"),
            "--model",
            Sample("tiny-sd"),
            "--lora",
            Sample("lora") + weight,
            "--dataset",
            Sample("lora-pictures"),
            "--timesteps",
            "2",
            "--replicates",
            "2",
            "--json",
            "--quiet",
            .. options.Take(4),
        ];
        var report = (await _tool.RunAsync(audit)).Json();
        var id = report.GetProperty("id").GetString()!;

        var outcome = await _tool.RunAsync("replay", id, "--json", "--quiet");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal("identical", outcome.Json().GetProperty("outcome").GetString());
        Assert.Empty(outcome.Json().GetProperty("comparison").GetProperty("settings").EnumerateArray());
        var other = await _tool.RunAsync("replay", id, "--json", "--quiet", "--lora", Sample("tiny-sd"));
        Assert.NotEqual(0, other.ExitCode);
    }

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "sample", name);

    private static double MeanDifference(string path, string otherPath)
    {
        var (one, other) = (PictureReader.Read(path).Picture.Rgb, PictureReader.Read(otherPath).Picture.Rgb);
        return one.Zip(other, (a, b) => Math.Abs((double)a - b)).Average();
    }
}
