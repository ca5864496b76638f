using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>Tries to get at the reports without the address that was printed.</summary>
public sealed class AccessTests(AccessTests.OneReport fixture) : IClassFixture<AccessTests.OneReport>
{
    private static readonly AuditReport Report = ShownReport.Make();

    private readonly ServedStore _served = fixture.Served;

    [Fact]
    public async Task The_printed_address_leads_to_the_list_with_every_protection()
    {
        var answer = await _served.AskAsync($"/{_served.Token}/");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(Report.Id, answer, StringComparison.Ordinal);
        AssertProtected(answer);
        Assert.Matches("^http://127.0.0.1:[0-9]+/[A-Za-z0-9_-]{43}/$", _served.Address.AbsoluteUri);
        Assert.DoesNotContain(_served.Token, Body(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_have_different_tokens()
    {
        await using var second = await ServedStore.StartAsync(SampleOf(Report));
        Assert.NotEqual(_served.Token, second.Token);
        AssertRefused(403, await _served.AskAsync($"/{second.Token}/"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/favicon.ico")]
    [InlineData("/reports/01J9ZQ3V5T8R2N4M6K7H1G0F9E")]
    [InlineData("/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/")]
    [InlineData("/?token=TOKEN")]
    [InlineData("/x/TOKEN/")]
    [InlineData("/./TOKEN/")]
    [InlineData("/%2e/TOKEN/")]
    [InlineData("//TOKEN/")]
    [InlineData("/TOKEN%2f")]
    [InlineData("/TOKEN;x/")]
    [InlineData("/TOKENx/")]
    public async Task Without_the_token_nothing_is_shown(string target)
    {
        AssertRefused(403, await _served.AskAsync(WithToken(target)));
        AssertRefused(403, await _served.AskAsync(WithToken(target), "HEAD"));
    }

    [Fact]
    public async Task A_part_of_the_token_or_the_token_in_other_letters_does_not_do()
    {
        AssertRefused(403, await _served.AskAsync($"/{_served.Token[..^1]}/"));
        var changed = _served.Token[0] == 'A' ? 'B' : 'A';
        AssertRefused(403, await _served.AskAsync($"/{changed}{_served.Token[1..]}/"));
        var swapped = string.Concat(
            _served.Token.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))
        );
        AssertRefused(403, await _served.AskAsync($"/{swapped}/"));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1:PORT.evil.example")]
    [InlineData("localhost.evil.example:PORT")]
    [InlineData("0.0.0.0:PORT")]
    [InlineData("[::1]:PORT")]
    [InlineData("127.0.0.1:PORT, evil.example")]
    public async Task Another_host_is_refused_even_with_the_token(string host) =>
        AssertRefused(403, await _served.AskAsync($"/{_served.Token}/", host: WithPort(host)));

    [Fact]
    public async Task No_host_two_hosts_or_an_address_with_a_host_are_refused()
    {
        var target = $"/{_served.Token}/";
        AssertRefused(400, await _served.SendAsync($"GET {target} HTTP/1.1\r\n\r\n"));
        AssertRefused(400, await _served.SendAsync($"GET {target} HTTP/1.0\r\n\r\n"));
        AssertRefused(400, await _served.AskAsync(target, headers: "Host: evil.example"));
        AssertRefused(400, await _served.AskAsync($"http://{_served.Host}{target}", host: "evil.example"));
    }

    [Fact]
    public async Task Localhost_is_the_same_server() =>
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await _served.AskAsync($"/{_served.Token}/", host: $"localhost:{_served.Address.Port}"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://127.0.0.1:1")]
    [InlineData("Origin: https://HOST")]
    [InlineData("Origin: http://localhost:PORT")]
    [InlineData("Origin:")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    public async Task What_other_sites_ask_for_is_refused_even_with_the_token(string header) =>
        AssertRefused(403, await _served.AskAsync($"/{_served.Token}/", headers: WithPort(header)));

    [Theory]
    [InlineData("Origin: http://HOST")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("sec-fetch-site: same-origin")]
    public async Task What_its_own_pages_ask_for_is_answered(string header) =>
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await _served.AskAsync($"/{_served.Token}/", headers: WithPort(header)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    public async Task Only_GET_and_HEAD_are_answered(string method)
    {
        var answer = await _served.AskAsync($"/{_served.Token}/", method, headers: "Content-Length: 0");
        AssertRefused(405, answer);
        Assert.Contains("\r\nAllow: GET, HEAD\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_is_GET_without_a_body()
    {
        var target = $"/{_served.Token}/";
        var (get, head) = (await _served.AskAsync(target), await _served.AskAsync(target, "HEAD"));
        Assert.Equal(get[..(get.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)], head);
    }

    [Theory]
    [InlineData("Content-Length: 5", "hello")]
    [InlineData("Transfer-Encoding: chunked", "0\r\n\r\n")]
    public async Task A_body_is_refused_and_a_second_request_behind_it_is_not_answered(string header, string body)
    {
        var target = $"/{_served.Token}/";
        var second = $"GET {target} HTTP/1.1\r\nHost: {_served.Host}\r\n\r\n";
        AssertRefused(
            400,
            await _served.SendAsync($"GET {target} HTTP/1.1\r\nHost: {_served.Host}\r\n{header}\r\n\r\n{body}{second}")
        );
    }

    [Theory]
    [InlineData("GET /TOKEN/ HTTP/2\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET /TOKEN/\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET  /TOKEN/ HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    [InlineData("get /TOKEN/ HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET TOKEN/ HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET * HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET /TOKEN/\u00e9 HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET /TOKEN/\0 HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    [InlineData("GET /TOKEN/ HTTP/1.1\r\nHost : HOST\r\n\r\n")]
    [InlineData("GET /TOKEN/ HTTP/1.1\r\n Host: HOST\r\n\r\n")]
    [InlineData("GET /TOKEN/ HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("GET /TOKEN/ HTTP/1.1\r\nHost: HOST\r\nX: a\nOrigin: b\r\n\r\n")]
    [InlineData("GET /TOKEN/ HTTP/1.1\r\nHost: HOST\r\nX\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001 hello of TLS")]
    [InlineData("\r\nGET /TOKEN/ HTTP/1.1\r\nHost: HOST\r\n\r\n")]
    public async Task What_is_no_request_of_this_form_is_refused(string request) =>
        AssertRefused(400, await _served.SendAsync(WithToken(WithPort(request))));

    [Fact]
    public async Task Too_long_an_address_or_too_many_headers_are_refused()
    {
        AssertRefused(414, await _served.AskAsync($"/{_served.Token}/?model={new string('x', 4096)}"));
        AssertRefused(414, await _served.SendAsync("GET /" + new string('x', 16384)));
        AssertRefused(431, await _served.AskAsync($"/{_served.Token}/", headers: $"X: {new string('x', 16384)}"));
        var longest = $"/{_served.Token}/?model=";
        var answer = await _served.AskAsync(longest + new string('x', 4096 - longest.Length));
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/TOKEN/../TOKEN/")]
    [InlineData("/TOKEN/reports/../../etc/passwd")]
    [InlineData("/TOKEN/reports/..%2f..%2fetc%2fpasswd")]
    [InlineData("/TOKEN/reports/%2e%2e")]
    [InlineData("/TOKEN/reports/")]
    [InlineData("/TOKEN/reports/01J9ZQ3V5T8R2N4M6K7H1G0F9E/")]
    [InlineData("/TOKEN/reports/01J9ZQ3V5T8R2N4M6K7H1G0F9%45")]
    [InlineData("/TOKEN/reports\\01J9ZQ3V5T8R2N4M6K7H1G0F9E")]
    [InlineData("/TOKEN/downloads/01J9ZQ3V5T8R2N4M6K7H1G0F9E.exe")]
    [InlineData("/TOKEN/downloads/01J9ZQ3V5T8R2N4M6K7H1G0F9E")]
    [InlineData("/TOKEN/downloads/..%2faudits.db")]
    [InlineData("/TOKEN/audits.db")]
    [InlineData("/TOKEN/.das-audit/audits.db")]
    [InlineData("/TOKEN//")]
    [InlineData("/TOKEN/%00")]
    public async Task No_path_leads_to_anything_but_pages(string target)
    {
        var answer = await _served.AskAsync(WithToken(target));
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        AssertProtected(answer);
    }

    [Fact]
    public async Task The_token_alone_leads_to_the_list()
    {
        var answer = await _served.AskAsync($"/{_served.Token}?model=x");
        Assert.StartsWith("HTTP/1.1 302 Found\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: /{_served.Token}/\r\n", answer, StringComparison.Ordinal);
    }

    private static StoredReport SampleOf(AuditReport report) => new(report, new Dictionary<string, byte[]>());

    private static void AssertProtected(string answer)
    {
        foreach (
            var header in new[]
            {
                "Cache-Control: no-store",
                "Content-Security-Policy: default-src 'none'; img-src data:; style-src 'sha256-",
                "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
                "Cross-Origin-Opener-Policy: same-origin",
                "Cross-Origin-Resource-Policy: same-origin",
                "Referrer-Policy: no-referrer",
                "X-Content-Type-Options: nosniff",
                "Connection: close",
            }
        )
            Assert.Contains(header, Head(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control", Head(answer), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Server:", Head(answer), StringComparison.OrdinalIgnoreCase);
    }

    private void AssertRefused(int status, string answer)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        AssertProtected(answer);
        foreach (var secret in new[] { _served.Token, Report.Id, "audits.db", "Google", "   at " })
            Assert.DoesNotContain(secret, answer, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(Body(answer).Length, 0, 400);
        Assert.DoesNotContain("HTTP/1.1", Body(answer).Replace("of HTTP/1.1 that", "", StringComparison.Ordinal));
    }

    private string WithToken(string text) => text.Replace("TOKEN", _served.Token, StringComparison.Ordinal);

    private string WithPort(string text) =>
        text.Replace("HOST", _served.Host, StringComparison.Ordinal)
            .Replace("PORT", $"{_served.Address.Port}", StringComparison.Ordinal);

    private static string Head(string answer) => answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)];

    private static string Body(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public sealed class OneReport : IAsyncLifetime
    {
        internal ServedStore Served { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Served = await ServedStore.StartAsync(SampleOf(Report));

        public ValueTask DisposeAsync() => Served.DisposeAsync();
    }
}
