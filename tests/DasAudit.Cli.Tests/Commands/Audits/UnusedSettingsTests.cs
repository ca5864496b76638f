using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>Settings that would change nothing are refused, and nothing is stored.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class UnusedSettingsTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--damping", "df:0.3", "tracin")]
    [InlineData("--residual", "rms", "pva-mini")]
    [InlineData("--query-seed", "3", "das")]
    public async Task A_setting_that_no_method_looks_at(string option, string value, string method)
    {
        string[] audit = ["audit", world.Query, "--model", world.Model, "--dataset", world.Dataset];
        string[] methods = ["--method", method, "--compare", "none", "--adapter", "diffusers"];

        var outcome = await _tool.RunAsync([.. audit, .. methods, option, value]);

        Assert.Equal((ExitCode.Usage, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(
            $"No method that was asked for looks at {option}; leave it out",
            outcome.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db")));
    }
}
