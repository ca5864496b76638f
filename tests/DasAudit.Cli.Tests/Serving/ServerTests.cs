using System.Net;
using System.Net.Sockets;
using System.Text;
using DasAudit.Cli.Serving;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Serving;

public sealed class ServerTests
{
    [Fact]
    public async Task Clients_that_say_nothing_keep_nobody_out()
    {
        await using var served = await ServedStore.StartAsync(SampleReport.Create());
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 2 * LoopbackServer.MostWaiting; i++)
            {
                var client = await served.ConnectAsync();
                silent.Add(client);
                await client.GetStream().WriteAsync("GET / HTT"u8.ToArray(), TestContext.Current.CancellationToken);
            }

            Assert.Contains("1 report", await served.TextAsync(""), StringComparison.Ordinal);
            // The first gave way, before its time was up.
            Assert.True(silent[0].Client.Poll(0, SelectMode.SelectRead));
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Clients_that_do_not_read_their_answers_keep_nobody_out()
    {
        // More than the buffers between two sockets hold.
        var report = SampleReport.Create();
        byte[] large = [.. TinyPng.Create(1, 2, 3, 8), .. new byte[8 << 20]];
        var pictures = new Dictionary<string, byte[]> { [report.Report.Query.Sha256] = large };
        await using var served = await ServedStore.StartAsync(report with { Thumbnails = pictures });
        var request = Encoding.ASCII.GetBytes($"GET /{served.Token}/ HTTP/1.1\r\nHost: {served.Host}\r\n\r\n");
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 2 * LoopbackServer.MostAtOnce; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 1024 };
                await client.ConnectAsync(
                    served.Address.Host,
                    served.Address.Port,
                    TestContext.Current.CancellationToken
                );
                clients.Add(client);
                await client.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
            }

            var list = served.TextAsync("").WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Contains("1 report", await list, StringComparison.Ordinal);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_request_may_come_in_pieces()
    {
        await using var served = await ServedStore.StartAsync(SampleReport.Create());
        using var client = await served.ConnectAsync();
        var stream = client.GetStream();
        foreach (var letter in $"GET /{served.Token}/ HTTP/1.1\r\nHost: {served.Host}\r\n\r\n")
            await stream.WriteAsync(new[] { (byte)letter }, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_is_its_usual_end()
    {
        await using var served = await ServedStore.StartAsync(SampleReport.Create());
        Assert.Equal(0, await served.StopAsync());
        Assert.Equal("Open this address in a browser on this machine. Ctrl+C ends the command.\n", Lines(served.Error));
        await Assert.ThrowsAsync<SocketException>(served.ConnectAsync);
    }

    [Fact]
    public async Task A_port_in_use_and_a_missing_store_are_refused()
    {
        await using var served = await ServedStore.StartAsync(SampleReport.Create());
        using var tool = new Tool();
        Assert.Equal(
            new Outcome(
                1,
                "",
                $"das-audit: Port {served.Address.Port} is in use by another program; name another with --port, "
                    + "or leave it out.\n"
            ),
            await tool.RunAsync("reports", "serve", "--store", served.StoreFile, "--port", $"{served.Address.Port}")
        );
        var missing = await tool.RunAsync("reports", "serve", "--store", "nowhere/a.db");
        Assert.Equal((1, ""), (missing.ExitCode, missing.Out));
        Assert.Matches("^das-audit: There is no store at .*nowhere/a.db'.*--store.\n$", missing.Error);
        Assert.Equal(64, (await tool.RunAsync("reports", "serve", "--port", "0")).ExitCode);
    }

    [Fact]
    public async Task A_bug_is_printed_and_not_shown_and_the_server_goes_on()
    {
        var report = SampleReport.Create();
        await using var served = await ServedStore.StartAsync(
            services => services.AddSingleton<IReportExporter, BrokenExporter>(),
            report
        );
        using var answer = await served.GetAsync($"downloads/{report.Report.Id}.broken");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var html = await served.TextAsync($"downloads/{report.Report.Id}.broken");
        Assert.Contains("This is a bug", html, StringComparison.Ordinal);
        Assert.DoesNotContain(BrokenExporter.Secret, html, StringComparison.Ordinal);
        Assert.Contains(BrokenExporter.Secret, served.Error, StringComparison.Ordinal);
        Assert.Contains("1 report", await served.TextAsync(""), StringComparison.Ordinal);
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    private sealed class BrokenExporter : IReportExporter
    {
        public const string Secret = "what only the programmers need to know";

        public string Format => "broken";

        public void Export(StoredReport report, TextWriter writer) => throw new InvalidOperationException(Secret);
    }
}
