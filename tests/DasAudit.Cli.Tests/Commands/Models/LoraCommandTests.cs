using System.Text;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Models;

/// <summary>train and generate for a tiny Stable Diffusion and its LoRA, and what other models refuse.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class LoraCommandTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    private static string Base => GoldenFiles.PathOf("sd-lora-tiny");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_LoRA_is_trained_and_makes_pictures_that_say_what_they_were_made_with()
    {
        var trained = await _tool.RunAsync([
            "train",
            "--model",
            Base,
            "--dataset",
            world.Dataset,
            "--output",
            "lora",
            "--lora-rank",
            "2",
            "--lora-modules",
            "linear",
            "--steps",
            "3",
            "--warmup",
            "1",
            "--loss-weight",
            "min-snr:3",
            "--noise-offset",
            "0.05",
            "--caption-dropout",
            "0.1",
        ]);
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains(
            "--lora lora --prompt TEXT --output pictures",
            string.Join(' ', trained.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["checkpoints", "pytorch_lora_weights.safetensors", "training.json"],
            Directory.GetFileSystemEntries(At("lora")).Select(path => Path.GetFileName(path)!).Order()
        );

        var plain = await GenerateAsync("plain", "--prompt", "a cat");
        var withLora = await GenerateAsync("lora-pictures", "--prompt", "a cat", "--lora", "lora");
        var guided = await GenerateAsync(
            "guided",
            "--prompt",
            "a cat",
            "--negative-prompt",
            "a dog",
            "--guidance",
            "3",
            "--sampler",
            "dpm++"
        );

        Assert.Equal(3, new[] { plain, withLora, guided }.Distinct().Count());
        Assert.Contains(
            "parameters\0a cat\nSteps: 2, Sampler: DDIM, CFG scale: 7.5, Seed: 0, Size: 32x32, Model hash: ",
            plain,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a cat\nNegative prompt: a dog\nSteps: 2, Sampler: DPM++ 2M, CFG scale: 3, Seed: 0, ",
            guided,
            StringComparison.Ordinal
        );
        Assert.Matches("Lora hashes: \"lora: [0-9a-f]{12}\", Lora weights: \"lora: 1\"", withLora);
        Assert.DoesNotContain("Lora", plain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prompt", "a cat", "--prompt needs a model that is conditioned on text")]
    [InlineData("--negative-prompt", "a cat", "--negative-prompt needs a model with text and guidance")]
    [InlineData("--guidance", "3", "--guidance needs it")]
    public async Task What_a_pixel_model_does_not_know_is_refused(string option, string value, string sentence)
    {
        var outcome = await _tool.RunAsync([
            "generate",
            "--model",
            world.Model,
            "--output",
            "out",
            option,
            value,
            "--quiet",
        ]);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    [Theory]
    [InlineData("--lora-alpha", "3", 64, "--lora-alpha says how to train a LoRA; say with --lora-rank")]
    [InlineData("--lora-rank", "3", 1, "is a pixel-space model, for which --lora is not supported")]
    [InlineData("--caption-dropout", "0.1", 1, "--caption-dropout needs a model")]
    [InlineData("--loss-weight", "min-snr:0", 64, "a number greater than 0 after a colon, not 'min-snr:0'")]
    public async Task What_cannot_be_trained_is_refused(string option, string value, int exitCode, string sentence)
    {
        var model = option == "--lora-rank" ? world.Model : world.Config;
        // Reading it would be refused.
        Directory.CreateDirectory(At("no-pictures"));
        var outcome = await _tool.RunAsync([
            "train",
            "--model",
            model,
            "--dataset",
            "no-pictures",
            "--output",
            "out",
            option,
            value,
            "--quiet",
        ]);
        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    private string At(string folder) => Path.Combine(_tool.WorkingDirectory, folder);

    // The file's bytes as Latin-1 text.
    private async Task<string> GenerateAsync(string folder, params string[] further)
    {
        var outcome = await _tool.RunAsync([
            "generate",
            "--model",
            Base,
            "--output",
            folder,
            "--sampling-steps",
            "2",
            "--quiet",
            .. further,
        ]);
        Assert.Equal(new Outcome(0, "", ""), outcome);
        return Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(At(folder), "seed-0.png")));
    }
}
