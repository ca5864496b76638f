using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused from the command line; Core's tests hold the rest and the figures.</summary>
public sealed class EvaluateHoldoutTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--by", "owner", "'owner' is nothing to group by; choose one of rights-holder, license, author")]
    [InlineData("--split-into", "1", "--split-into")]
    [InlineData("--copier", "0", "--copier")]
    public async Task Values_that_cannot_be_are_refused(string option, string value, string sentence) =>
        await RefuseAsync(ExitCode.Usage, sentence, option, value);

    [Fact]
    public async Task Model_dataset_and_pictures_are_needed() =>
        await RefuseAsync(ExitCode.Usage, "Give --model, --dataset and pictures that the model generated, or --preset");

    private async Task RefuseAsync(int exitCode, string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync(["evaluate", "holdout", "--study", "study", .. args]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
