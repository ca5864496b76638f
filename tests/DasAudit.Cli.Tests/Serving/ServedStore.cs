using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>The command <c>reports serve</c> in this process, on a store of its own.</summary>
internal sealed class ServedStore : IAsyncDisposable
{
    private readonly Tool _tool = new();
    private readonly FirstLine _output = new();
    private readonly StringWriter _error = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Terminal _terminal;
    private readonly IHost _host;
    private Task<int> _run = Task.FromResult(-1);

    private ServedStore(Action<IServiceCollection>? replace)
    {
        _terminal = new Terminal(_output, _error);
        _host = ToolHost.Build(_terminal, _tool.Surroundings, replace);
    }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>The address that was printed.</summary>
    public Uri Address { get; private set; } = null!;

    public string Token => Address.Segments[1].TrimEnd('/');

    public string Host => Address.Authority;

    public string Error => _error.ToString();

    public string StoreFile => Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");

    public static Task<ServedStore> StartAsync(params StoredReport[] reports) => StartAsync(null, reports);

    /// <summary>The same, with other registrations.</summary>
    public static async Task<ServedStore> StartAsync(Action<IServiceCollection>? replace, params StoredReport[] reports)
    {
        var served = new ServedStore(replace);
        served.Add(reports);
        var runner = served._host.Services.GetRequiredService<CommandRunner>();
        served._run = runner.RunAsync(["reports", "serve", "--json"], served._stop.Token);
        await Task.WhenAny(served._output.Line, served._run);
        Assert.True(served._output.Line.IsCompletedSuccessfully, served.Error);
        var document = JsonElement.Parse(await served._output.Line);
        Assert.Equal("das-audit/serve/1", document.GetProperty("schema").GetString());
        served.Address = new Uri(document.GetProperty("address").GetString()!);
        served.Http.BaseAddress = served.Address;
        return served;
    }

    public void Add(params StoredReport[] reports)
    {
        using var store = ReportStore.Open(StoreFile, StoreAccess.ReadWrite);
        foreach (var report in reports)
            store.Add(report);
    }

    /// <summary>The page at a path below the printed address.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) =>
        Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What comes back for these very bytes, up to the end of the connection.</summary>
    public async Task<string> SendAsync(string request)
    {
        using var client = await ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The answer to a request with the printed host unless another is given.</summary>
    public Task<string> AskAsync(string target, string method = "GET", string? host = null, params string[] headers)
    {
        var lines = new[] { $"{method} {target} HTTP/1.1", $"Host: {host ?? Host}" }.Concat(headers);
        return SendAsync($"{string.Join("\r\n", lines)}\r\n\r\n");
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Ends the command as Ctrl+C does; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        _host.Dispose();
        _terminal.Dispose();
        _stop.Dispose();
        _tool.Dispose();
    }

    /// <summary>Says when the first line was written.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value) => _line.TrySetResult(value!);
    }
}
