using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused, and the exit code; Core's tests hold the figures.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class EvaluateSanityTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task A_method_that_fails_a_check_decides_the_exit_code_if_all_must_pass()
    {
        for (var i = 0; i < 8; i++)
            SmallWorld.WritePicture(Path.Combine(_tool.WorkingDirectory, "set", $"{i}.png"), i);
        string[] check =
        [
            .. (string[])["evaluate", "sanity", world.Query, "--model", world.Model, "--dataset", "set"],
            .. (string[])["--study", "study", "--methods", "random"],
        ];

        Assert.Equal(ExitCode.Done, (await _tool.RunAsync(check)).ExitCode);
        Assert.Equal(ExitCode.Mismatch, (await _tool.RunAsync([.. check, "--must-pass"])).ExitCode);
    }

    [Theory]
    [InlineData("--shard", "1/2")]
    [InlineData("--slurm", "job.sh")]
    public async Task Without_models_to_train_there_is_nothing_to_share(string option, string value) =>
        await RefuseAsync(
            ExitCode.Usage,
            $"Without --subsets no model is trained that {option} could share.",
            option,
            value
        );

    [Fact]
    public async Task Too_few_models_are_refused() =>
        await RefuseAsync(ExitCode.Usage, "--subsets takes 0 or at least 8, not 7.", "--subsets", "7");

    /// <summary>Losses under retrained models are not looked at.</summary>
    [Theory]
    [InlineData("--truth-draws")]
    [InlineData("--training-seeds")]
    public async Task Settings_of_losses_are_unknown(string option) =>
        await RefuseAsync(ExitCode.Usage, option, option, "2");

    private async Task RefuseAsync(int exitCode, string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync([
            "evaluate",
            "sanity",
            "a.png",
            "--model",
            "m",
            "--dataset",
            "d",
            "--study",
            "study",
            .. args,
        ]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
