using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>The pages as a browser shows them, with its scripts switched off unless a test says otherwise.</summary>
public sealed class BrowserTests(BrowserTests.Opened fixture) : IClassFixture<BrowserTests.Opened>, IAsyncLifetime
{
    private const string Hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";

    private static readonly StoredReport Usual = SampleReport.WithEvidence();
    private static readonly StoredReport Second = Named(SampleReport.Create(1, 4), "Google LLC");
    private static readonly StoredReport Attack = Named(SampleReport.Create(2), Hostile);

    private static readonly Dictionary<string, string> Pages = new()
    {
        ["list"] = "",
        ["wrong-filter"] = "?share=half",
        ["report"] = $"reports/{Usual.Report.Id}",
        ["comparison"] = $"compare?a={Usual.Report.Id}&b={Second.Report.Id}",
        ["missing"] = "reports/7Z",
    };

    private readonly ServedStore _served = fixture.Served;

    private Chromium Browser => fixture.Browser!;

    // Each test begins as the first did.
    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Browser is null, Chromium.Missing);
        await Browser.ResetAsync();
        await Browser.SendAsync("Emulation.setScriptExecutionDisabled", new { value = true });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Reports_are_filtered_opened_and_compared_without_scripts()
    {
        await Browser.GoAsync(_served.Address.AbsoluteUri);
        Assert.Equal("3", await Browser.EvaluateAsync("document.querySelectorAll('.reports tbody tr').length"));
        await AssertSoundAsync();

        await Browser.LeadAsync(
            """
            document.querySelector('[name=image]').value = 'generated/1.png';
            document.querySelector('.filter button').click()
            """
        );
        Assert.Equal("1", await Browser.EvaluateAsync("document.querySelectorAll('.reports tbody tr').length"));
        Assert.Equal("generated/1.png", await Browser.EvaluateAsync("document.querySelector('[name=image]').value"));

        await Browser.LeadAsync("document.querySelector('.claim').click()");
        await AssertSoundAsync();
        Assert.EndsWith($"/reports/{Second.Report.Id}", await Browser.EvaluateAsync("location.pathname"));
        Assert.Contains("Verified", await Browser.EvaluateAsync("document.querySelector('.verified').innerText"));

        await Browser.LeadAsync("document.querySelector('.site-nav a').click()");
        await Browser.LeadAsync(
            $"""
            document.querySelector('[name=a][value="{Usual.Report.Id}"]').click();
            document.querySelector('[name=b][value="{Second.Report.Id}"]').click();
            document.querySelector('.reports + .actions button').click()
            """
        );
        await AssertSoundAsync();
        Assert.Equal("Two reports compared", await Browser.EvaluateAsync("document.querySelector('h1').innerText"));
        Assert.Equal("2", await Browser.EvaluateAsync("document.querySelectorAll('.side').length"));
        Assert.All(
            Browser.Requests,
            url => Assert.True(url.StartsWith(_served.Address.AbsoluteUri) || url.StartsWith("data:"), url)
        );
    }

    [Fact]
    public async Task Hostile_names_are_text()
    {
        await Browser.SendAsync("Emulation.setScriptExecutionDisabled", new { value = false });
        var pages = new[] { "", $"reports/{Attack.Report.Id}", $"compare?a={Attack.Report.Id}&b={Usual.Report.Id}" };
        foreach (var page in pages)
        {
            await Browser.GoAsync(_served.Address + page);
            Assert.Equal("0", await Browser.EvaluateAsync("document.querySelectorAll('script, [onerror]').length"));
            Assert.Contains(Hostile, await Browser.EvaluateAsync("document.body.innerText"));
            await AssertSoundAsync();
        }
    }

    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(360, "light")]
    public async Task Pages_fit_their_window_in_both_schemes(int width, string scheme)
    {
        var media = new[] { new { name = "prefers-color-scheme", value = scheme } };
        await Browser.SendAsync("Emulation.setEmulatedMedia", new { features = media });
        await Browser.SendAsync(
            "Emulation.setDeviceMetricsOverride",
            new
            {
                width,
                height = 1000,
                deviceScaleFactor = 1,
                mobile = width < 800,
            }
        );
        foreach (var (name, page) in Pages)
        {
            await Browser.GoAsync(_served.Address + page);
            Assert.Equal($"{width}", await Browser.EvaluateAsync("document.documentElement.scrollWidth"));
            Assert.Equal(
                scheme == "dark" ? "rgb(23, 23, 22)" : "rgb(253, 253, 251)",
                await Browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor")
            );
            await Browser.KeepScreenshotAsync($"{name}-{width}-{scheme}");
        }
    }

    [Fact]
    public async Task Whatever_can_be_used_has_a_name_for_those_who_hear_it()
    {
        string[] roles = ["textbox", "combobox", "radio", "button", "link", "image", "search", "DisclosureTriangle"];
        foreach (var page in Pages.Values)
        {
            await Browser.GoAsync(_served.Address + page);
            var tree = await Browser.SendAsync("Accessibility.getFullAXTree");
            foreach (var node in tree.GetProperty("nodes").EnumerateArray())
            {
                if (node.GetProperty("ignored").GetBoolean() || !node.TryGetProperty("role", out var role))
                    continue;
                if (roles.Contains(role.GetProperty("value").GetString()) && node.TryGetProperty("name", out var name))
                    Assert.False(string.IsNullOrWhiteSpace(name.GetProperty("value").GetString()), $"{page}: {node}");
            }

            Assert.Equal("en", await Browser.EvaluateAsync("document.documentElement.lang"));
        }
    }

    [Fact]
    public async Task A_page_of_another_site_can_neither_read_nor_embed_nor_lead_here()
    {
        await Browser.SendAsync("Emulation.setScriptExecutionDisabled", new { value = false });
        await Browser.GoAsync(
            $"data:text/html,<a href='{_served.Address}'>here</a><iframe src='{_served.Address}'></iframe>"
        );
        Assert.Equal(
            "refused",
            await Browser.EvaluateAsync($"fetch('{_served.Address}').then(() => 'read', () => 'refused')")
        );
        Assert.Equal(
            "refused",
            await Browser.EvaluateAsync(
                $"fetch('{_served.Address}', {{ mode: 'no-cors' }}).then(() => 'read', () => 'refused')"
            )
        );
        await Browser.LeadAsync("document.querySelector('a').click()");
        Assert.Contains("A page of another site led here.", await Browser.EvaluateAsync("document.body.innerText"));
    }

    // The styles and pictures that the policy allows are there, and nothing is asked for that it forbids.
    private async Task AssertSoundAsync()
    {
        Assert.Equal("1152px", await Browser.EvaluateAsync("getComputedStyle(document.body).maxWidth"));
        Assert.Equal(
            "true",
            await Browser.EvaluateAsync("[...document.images].every(image => image.naturalWidth > 0)"),
            ignoreCase: true
        );
        Assert.Empty(Browser.Complaints);
    }

    private static StoredReport Named(StoredReport report, string holder) =>
        report with
        {
            Report = report.Report with
            {
                Groups = [new(holder, 0.8, 0.7, 0.9, 40), new("OpenMoji", 0.2, 0.1, 0.3, 33)],
            },
        };

    public sealed class Opened : IAsyncLifetime
    {
        internal ServedStore Served { get; private set; } = null!;

        /// <summary>Null where there is none on this machine.</summary>
        internal Chromium? Browser { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (Chromium.Program is null)
                return;
            Served = await ServedStore.StartAsync(Usual, Second, Attack);
            Browser = await Chromium.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (Browser is null)
                return;
            await Browser.DisposeAsync();
            await Served.DisposeAsync();
        }
    }
}
