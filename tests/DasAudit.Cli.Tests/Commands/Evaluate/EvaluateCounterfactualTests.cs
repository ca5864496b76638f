using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused; Core's tests hold the figures.</summary>
public sealed class EvaluateCounterfactualTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--remove", "1", "--remove")]
    [InlineData("--queries", "1", "--queries")]
    [InlineData("--random-removals", "0", "--random-removals")]
    [InlineData("--sampler", "heun", "--sampler")]
    [InlineData("--query-seed", "x", "--query-seed")]
    public async Task Values_that_cannot_be_are_refused(string option, string value, string sentence) =>
        await RefuseAsync(ExitCode.Usage, sentence, "--preset", "quick", option, value);

    [Fact]
    public async Task Preparing_pictures_for_no_encoder_is_refused_before_training()
    {
        await RefuseAsync(
            ExitCode.Error,
            "There is no image encoder to prepare pictures for; give --encoder too, or leave --preprocess out.",
            "--preset",
            "quick",
            "--preprocess",
            "openai"
        );
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, "study")));
    }

    [Fact]
    public async Task Without_a_preset_model_dataset_and_pictures_are_needed() =>
        await RefuseAsync(ExitCode.Usage, "Give --model, --dataset and pictures", "--model", "m");

    private async Task RefuseAsync(int exitCode, string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync(["evaluate", "counterfactual", "--study", "study", .. args]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
