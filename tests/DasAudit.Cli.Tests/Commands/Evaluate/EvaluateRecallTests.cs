using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused; Core's tests hold the figures.</summary>
public sealed class EvaluateRecallTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task An_encoder_is_needed() =>
        await RefuseAsync("Without an image encoder an audit scores all training pictures, and loses none;");

    [Theory]
    [InlineData("--shard", "1/2")]
    [InlineData("--slurm", "job.sh")]
    [InlineData("--training-seeds", "2")]
    public async Task Nothing_is_trained(string option, string value) =>
        await RefuseAsync(option, "--encoder", "clip", option, value);

    [Fact]
    public async Task A_background_is_a_number_or_all() =>
        await RefuseAsync("--background takes a whole number", "--encoder", "clip", "--background", "few");

    private async Task RefuseAsync(string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync([
            "evaluate",
            "recall",
            "a.png",
            "--model",
            "m",
            "--dataset",
            "d",
            "--study",
            "study",
            .. args,
        ]);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
