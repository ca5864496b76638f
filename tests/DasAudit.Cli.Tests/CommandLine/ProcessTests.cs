using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;
using TestPlugins = DasAudit.Cli.Tests.Harness.Plugins;

namespace DasAudit.Cli.Tests.CommandLine;

public sealed class ProcessTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Help_version_lists_and_reports_work_without_native_libraries()
    {
        TestPlugins.Install(Path.Combine(_tool.ToolDirectory, "plugins"));
        using (
            var store = ReportStore.Open(
                Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db"),
                StoreAccess.ReadWrite
            )
        )
            store.Add(new(ShownReport.Make(), new Dictionary<string, byte[]>()));

        foreach (var command in new[] { "--help", "--version", "adapters list", "reports list", "reports show 01" })
        {
            var outcome = await _tool.RunAsync(command.Split(' '));
            Assert.Equal("", outcome.Error);
            Assert.Equal(0, outcome.ExitCode);
            Assert.NotEmpty(outcome.Out);
        }
    }

    [Fact]
    public async Task The_doctor_finds_that_native_libraries_are_missing_and_nothing_is_copied()
    {
        var outcome = await _tool.RunAsync("doctor", "--json");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        var libtorch = outcome
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == "libtorch");
        Assert.Equal(
            "The library libgomp-98b21ff3.so.1 is missing from the tool's folder; install das-audit again.",
            libtorch.GetProperty("detail").GetString()
        );
        Assert.Empty(Directory.GetDirectories(_tool.ToolDirectory));
    }

    [Fact]
    public async Task Standard_output_is_UTF_8_without_a_mark()
    {
        var outcome = await _tool.RunAsync("reports", "query", "--help");
        Assert.StartsWith("List ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("FILTER…", outcome.Out, StringComparison.Ordinal);
    }
}
