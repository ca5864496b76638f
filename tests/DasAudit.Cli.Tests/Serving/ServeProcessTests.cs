using System.Diagnostics;
using System.Globalization;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>The command as a process of its own.</summary>
public sealed class ServeProcessTests : IDisposable
{
    private const string Listening = "0A";
    private const string Loopback = "0100007F";

    private readonly ToolProcess _tool = new();
    private Process? _process;

    public void Dispose()
    {
        // A failure leaves no server behind.
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.Dispose();
        _tool.Dispose();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task It_listens_on_this_machine_alone_and_a_signal_ends_it_well(string signal)
    {
        var file = Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");
        using (var store = ReportStore.Open(file, StoreAccess.ReadWrite))
            store.Add(SampleReport.Create());
        var process = _process = _tool.Start("reports", "serve");
        var address = new Uri((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);

        Assert.Equal([Loopback], Addresses("/proc/net/tcp", address.Port));
        Assert.Empty(Addresses("/proc/net/tcp6", address.Port));
        using var http = new HttpClient();
        var html = await http.GetStringAsync(address, TestContext.Current.CancellationToken);
        Assert.Contains("1 report", html, StringComparison.Ordinal);

        Assert.SkipWhen(IsIgnored(process, signal), $"Whoever started the tests has SIG{signal} ignored.");
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process
            .WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            "Open this address in a browser on this machine. Ctrl+C ends the command.\n",
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
    }

    // As of jobs in the background of a shell without job control.
    private static bool IsIgnored(Process process, string signal)
    {
        const string Ignored = "SigIgn:";
        var number = signal == "INT" ? 2 : 15;
        var status = File.ReadLines($"/proc/{process.Id}/status");
        var signals = status.First(line => line.StartsWith(Ignored, StringComparison.Ordinal))[Ignored.Length..];
        return (ulong.Parse(signals.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (number - 1)) % 2
            == 1;
    }

    /// <summary>The addresses on which something listens at a port, as the kernel writes them.</summary>
    private static List<string> Addresses(string file, int port) =>
        !File.Exists(file)
            ? []
            :
            [
                .. File.ReadLines(file)
                    .Skip(1)
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(fields => fields[3] == Listening)
                    .Select(fields => fields[1].Split(':'))
                    .Where(local => int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port)
                    .Select(local => local[0]),
            ];
}
