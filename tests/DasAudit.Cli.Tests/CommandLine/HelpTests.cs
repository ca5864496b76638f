using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.CommandLine;

public sealed class HelpTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string> Commands =>
        new(
            "",
            "demo",
            "audit",
            "plan",
            "dataset",
            "dataset show",
            "dataset check",
            "dataset index",
            "dataset export",
            "methods",
            "methods list",
            "features",
            "features build",
            "train",
            "generate",
            "reports",
            "reports list",
            "reports show",
            "reports query",
            "reports export",
            "reports serve",
            "policy",
            "policy check",
            "policy explain",
            "policy new",
            "reports payout",
            "replay",
            "adapters",
            "adapters list",
            "adapters check",
            "doctor"
        );

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_has_help_within_the_width(string command)
    {
        var outcome = await _tool.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Contains(
            $"Usage:\n  dotnet das-audit{(command.Length == 0 ? "" : " " + command)} ",
            outcome.Out,
            StringComparison.Ordinal
        );
        Assert.All(outcome.Out.Split('\n'), line => Assert.InRange(line.Length, 0, Terminal.FixedWidth));
    }

    [Fact]
    public async Task Help_states_ranges_and_defaults()
    {
        var help = (await _tool.RunAsync("reports", "list", "--help")).Out;
        Assert.Contains(
            "  --threads N             Threads to compute with: 1 to 1024, default one a processor.\n",
            help,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  --store FILE            The store of reports; default .das-audit/audits.db.\n",
            help,
            StringComparison.Ordinal
        );
        Assert.Contains("  --device cpu|cuda[:N]   Where to compute: the processor, ", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_query_explains_the_filter()
    {
        var help = (await _tool.RunAsync("reports", "query", "--help")).Out;
        Assert.Contains("  share>=NUMBER ", help, StringComparison.Ordinal);
        Assert.Contains(
            "Usage:\n  dotnet das-audit reports query [FILTER…] [options]\n",
            help,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Help_works_after_wrong_usage()
    {
        var outcome = await _tool.RunAsync("reports", "list", "--nonsense", "--help");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Usage:", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_that_of_the_tool()
    {
        var outcome = await _tool.RunAsync("--version");
        Assert.Equal(
            new Outcome(0, $"das-audit {ToolVersion.Current.Version} ({ToolVersion.Current.Commit})\n", ""),
            outcome
        );
        Assert.Matches(@"^\d+\.\d+\.\d+", ToolVersion.Current.Version);
    }
}
