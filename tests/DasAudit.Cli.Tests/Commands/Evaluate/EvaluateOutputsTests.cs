using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused; Core's tests hold the figures.</summary>
public sealed class EvaluateOutputsTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--subsets", "3", "--subsets")]
    [InlineData("--part", "1", "--part")]
    [InlineData("--sampling-steps", "0", "--sampling-steps")]
    [InlineData("--eta", "2", "--eta")]
    public async Task Values_that_cannot_be_are_refused(string option, string value, string sentence)
    {
        var outcome = await _tool.RunAsync([
            "evaluate",
            "outputs",
            "--study",
            "study",
            "--preset",
            "quick",
            option,
            value,
        ]);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
