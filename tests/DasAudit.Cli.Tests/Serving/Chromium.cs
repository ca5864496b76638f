using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>A page in Chromium without a window, by its DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    public const string Missing = "Chromium is not installed here; Debian has it as the package chromium.";

    private const string Announcement = "DevTools listening on ";
    private const int LongestMessage = 1 << 24;

    private readonly TempFolder _profile = new();
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonElement> _events = [];
    private Process _process = null!;
    private string? _session;
    private int _sent;

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }, Path.Combine)
            .FirstOrDefault(File.Exists);

    /// <summary>The addresses that the page asked for.</summary>
    public IEnumerable<string> Requests =>
        Events("Network.requestWillBeSent").Select(e => e.GetProperty("request").GetProperty("url").GetString()!);

    /// <summary>What the browser complained of, such as what a policy forbids.</summary>
    public IEnumerable<string> Complaints =>
        Events("Log.entryAdded").Select(e => e.GetProperty("entry").GetProperty("text").GetString()!);

    public static async Task<Chromium> StartAsync()
    {
        var chromium = new Chromium();
        var start = new ProcessStartInfo(
            Program!,
            [
                "--headless",
                // Its sandbox needs more rights than builds in containers have.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                $"--user-data-dir={chromium._profile.Path}",
                "about:blank",
            ]
        )
        {
            RedirectStandardError = true,
        };
        chromium._process = Process.Start(start)!;
        await chromium.ConnectAsync();
        return chromium;
    }

    /// <summary>Opens a new page in place of the one before.</summary>
    public async Task ResetAsync()
    {
        _session = null;
        _events.Clear();
        var target = (await SendAsync("Target.createTarget", new { url = "about:blank" })).GetProperty("targetId");
        var session = await SendAsync("Target.attachToTarget", new { targetId = target.GetString(), flatten = true });
        _session = session.GetProperty("sessionId").GetString();
        foreach (var domain in new[] { "Page", "Network", "Log", "Accessibility" })
            await SendAsync($"{domain}.enable");
    }

    /// <summary>Sends a command; returns its result.</summary>
    public async Task<JsonElement> SendAsync(string method, object? parameters = null)
    {
        var id = ++_sent;
        var message = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object?>
            {
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters ?? new { },
                ["sessionId"] = _session,
            }
                .Where(member => member.Value is not null)
                .ToDictionary()
        );
        await _socket.SendAsync(message, WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        while (true)
        {
            var answer = await ReceiveAsync();
            if (!answer.TryGetProperty("id", out var answered) || answered.GetInt32() != id)
                continue;
            Assert.False(answer.TryGetProperty("error", out var error), $"{method}: {error}");
            return answer.GetProperty("result");
        }
    }

    /// <summary>Goes to an address, and waits until the page is loaded.</summary>
    public Task GoAsync(string address) => LoadAsync(() => SendAsync("Page.navigate", new { url = address }));

    /// <summary>Does what leads to another page, and waits until that is loaded.</summary>
    public Task LeadAsync(string expression) => LoadAsync(() => EvaluateAsync($"{expression}; 0"));

    /// <summary>The value of an expression on the page, as text.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var result = await SendAsync(
            "Runtime.evaluate",
            new
            {
                expression,
                awaitPromise = true,
                returnByValue = true,
            }
        );
        Assert.False(result.TryGetProperty("exceptionDetails", out var exception), $"{expression}: {exception}");
        return result.GetProperty("result").TryGetProperty("value", out var value) ? value.ToString() : "";
    }

    /// <summary>Keeps a picture of the page where <c>DASAUDIT_TEST_SCREENSHOTS</c> names a folder.</summary>
    public async Task KeepScreenshotAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("DASAUDIT_TEST_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var picture = await SendAsync("Page.captureScreenshot", new { format = "png" });
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name}.png");
        await File.WriteAllBytesAsync(
            file,
            picture.GetProperty("data").GetBytesFromBase64(),
            TestContext.Current.CancellationToken
        );
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        string? line;
        do line = await _process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.StartsWith(Announcement, StringComparison.Ordinal));
        Assert.NotNull(line);
        _ = _process.StandardError.ReadToEndAsync();
        await _socket.ConnectAsync(new Uri(line[Announcement.Length..]), TestContext.Current.CancellationToken);
    }

    private async Task LoadAsync(Func<Task> lead)
    {
        var loaded = Events("Page.loadEventFired").Count();
        await lead();
        while (Events("Page.loadEventFired").Count() == loaded)
            await ReceiveAsync();
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[65536];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
            message.Write(buffer, 0, part.Count);
            Assert.InRange(message.Length, 0, LongestMessage);
        } while (!part.EndOfMessage);
        var document = JsonElement.Parse(message.ToArray());
        if (document.TryGetProperty("method", out _))
            _events.Add(document);
        return document;
    }

    private IEnumerable<JsonElement> Events(string method) =>
        _events.Where(e => e.GetProperty("method").GetString() == method).Select(e => e.GetProperty("params"));
}
