using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands.Reports;

public sealed class PayoutCommandTests : IDisposable
{
    private readonly Tool _tool = new();

    public PayoutCommandTests()
    {
        var path = Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create());
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Lines_go_to_standard_output_and_what_stays_unattributed_is_said()
    {
        var outcome = await _tool.RunAsync("reports", "payout", "01", "--total", "1000.01");

        Assert.Equal(0, outcome.ExitCode);
        var lines = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("report,rights_holder,payee,share,", lines[0], StringComparison.Ordinal);
        Assert.Equal(5, lines.Length);
        Assert.Contains("60.00 EUR of 1000.01 stay unattributed", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_split_table_names_payees()
    {
        _tool.Write("s.csv", "holder,payee,part\nOpenMoji,A,0.5\nOpenMoji,B,0.5\n");

        var outcome = await _tool.RunAsync([
            "reports",
            "payout",
            "01",
            "--total",
            "10",
            "--currency",
            "USD",
            "--splits",
            "s.csv",
            "--json",
        ]);

        var document = outcome.Json();
        Assert.Equal("das-audit/payout/1", document.GetProperty("schema").GetString());
        var lines = document.GetProperty("lines").EnumerateArray().ToList();
        Assert.Equal(10m, lines.Sum(line => line.GetProperty("amount").GetDecimal()));
        Assert.Equal(
            ["A", "B"],
            lines
                .Where(line => line.GetProperty("holder").GetString() == "OpenMoji")
                .Select(line => line.GetProperty("payee").GetString())
        );
    }

    [Fact]
    public async Task The_table_can_go_to_a_file()
    {
        var outcome = await _tool.RunAsync("reports", "payout", "01", "--total", "10", "--output", "p.csv", "--quiet");

        Assert.Equal(new Outcome(0, "", ""), outcome);
        Assert.StartsWith(
            "report,",
            File.ReadAllText(Path.Combine(_tool.WorkingDirectory, "p.csv")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(64)]
    [InlineData(64, "--total", "0")]
    [InlineData(64, "--total", "-1")]
    [InlineData(64, "--total", "1.001")]
    [InlineData(64, "--total", "ten")]
    [InlineData(0, "--total", "1.001", "--decimals", "3")]
    [InlineData(1, "--total", "1", "--splits", "nowhere.csv")]
    public async Task Amounts_that_cannot_be_divided_are_refused(int exitCode, params string[] options)
    {
        var outcome = await _tool.RunAsync(["reports", "payout", "01", .. options]);

        Assert.Equal(exitCode, outcome.ExitCode);
    }
}
