using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Cli.Tests.Serving;

public sealed class PagesTests(PagesTests.Reports fixture) : IClassFixture<PagesTests.Reports>
{
    private const string Older = TwoReports.Older;
    private const string Newer = TwoReports.Newer;

    private readonly ServedStore _served = fixture.Served;

    [Fact]
    public async Task The_list_shows_the_newest_first_with_its_headline_and_picture()
    {
        var html = await _served.TextAsync("");
        Assert.Contains("2 reports", html, StringComparison.Ordinal);
        Assert.Equal([Newer, Older], TwoReports.Ids(html));
        Assert.Contains("owed mostly to pictures of Google LLC", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<img class=\"picture pixels\" src=\"data:image/png;base64,"));
        Assert.Contains(".das-audit/audits.db", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?image=wink", new[] { Newer })]
    [InlineData("?rights-holder=Google+LLC&share=50%25", new[] { Older })]
    [InlineData("?rights-holder=&share=0.61&model=&word=", new[] { Older })]
    [InlineData("?from=2026-03-14&until=2026-03-15&method=das", new[] { Newer, Older })]
    [InlineData("?until=2026-03-14", new string[0])]
    [InlineData("?word=weak", new string[0])]
    [InlineData("?license=Apache-2.0&page=1", new[] { Newer, Older })]
    public async Task Filters_are_those_of_reports_query(string query, string[] ids)
    {
        using var answer = await _served.GetAsync(query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(ids, TwoReports.Ids(await _served.TextAsync(query)));
    }

    [Fact]
    public async Task A_wrong_filter_is_said_and_its_value_stays()
    {
        using var answer = await _served.GetAsync("?share=half&model=unet");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var html = await _served.TextAsync("?share=half&model=unet");
        Assert.Contains("is no share; write a number from 0 to 1", html, StringComparison.Ordinal);
        Assert.Contains("value=\"half\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"unet\"", html, StringComparison.Ordinal);
        Assert.Empty(TwoReports.Ids(html));
    }

    [Fact]
    public async Task A_report_is_shown_with_its_verification_and_its_downloads()
    {
        var html = await _served.TextAsync($"reports/{Older}");
        Assert.Contains("Verified: this is the report that was stored", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Record</dt>\n<dd class=\"path\">1</dd>", html, StringComparison.Ordinal);
        Assert.Contains("The audited picture", html, StringComparison.Ordinal);
        Assert.Equal(
            ["json", "html", "csv", "md", "prov.jsonld", "spdx3.json", "cdx.json", "dasaudit.zip"],
            Regex.Matches(html, $"href=\"../downloads/{Older}\\.([^\"]+)\"").Select(match => match.Groups[1].Value)
        );
        Assert.Contains($"<option value=\"{Newer}\">", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("html", "text/html; charset=utf-8")]
    [InlineData("csv", "text/csv; charset=utf-8")]
    [InlineData("md", "text/markdown; charset=utf-8")]
    [InlineData("prov.jsonld", "application/ld+json")]
    [InlineData("spdx3.json", "application/json")]
    [InlineData("cdx.json", "application/json")]
    public async Task A_download_is_the_export(string ending, string type)
    {
        using var answer = await _served.GetAsync($"downloads/{Older}.{ending}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            $"attachment; filename=\"{Older}.{ending}\"",
            answer.Content.Headers.ContentDisposition!.ToString()
        );
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (ending == "json")
            Assert.Equal(ReportJson.Serialize(ShownReport.Make(Older)), text);
        if (ending == "html")
            Assert.Equal(Export(new HtmlExporter()), text);
        if (ending == "csv")
            Assert.Equal(Export(new CsvExporter()), text);
        if (ending == "md")
            Assert.Equal(Export(new MarkdownExporter()), text);
    }

    [Fact]
    public async Task The_bundle_verifies()
    {
        using var answer = await _served.GetAsync($"downloads/{Older}.dasaudit.zip");
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var verification = new BundleVerifier([], null).Verify(bytes);
        Assert.NotEqual(false, verification.IsUnaltered);
        Assert.DoesNotContain(verification.Checks, check => check.Passed == false);
    }

    [Fact]
    public async Task Two_reports_are_compared_as_on_the_command_line()
    {
        var html = await _served.TextAsync($"compare?a={Older}&b=01jb");
        Assert.Contains("query.path", html, StringComparison.Ordinal);
        Assert.Contains("of the first 3 in common", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"./reports/{Older}\"", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"./reports/{Newer}\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reports/01ZZ", "There is no report &#39;01ZZ&#39; in the store")]
    [InlineData("reports/01J", "Several reports begin with &#39;01J&#39;")]
    [InlineData("downloads/01ZZ.json", "There is no report &#39;01ZZ&#39; in the store")]
    [InlineData("compare?a=01J9&b=%3Cb%3E", "&#39;&lt;b&gt;&#39; is no report id")]
    [InlineData("nothing", "There is no such page.")]
    public async Task What_is_not_there_is_a_sentence_and_404(string path, string sentence)
    {
        using var answer = await _served.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(sentence, await _served.TextAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compare")]
    [InlineData("compare?a=01J9")]
    [InlineData("compare?a=01J9&b=")]
    [InlineData("compare?a=01J9&a=01JB&b=01JB")]
    public async Task A_comparison_of_less_or_more_than_two_is_refused(string path)
    {
        using var answer = await _served.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "Choose one report A and one report B.",
            await _served.TextAsync(path),
            StringComparison.Ordinal
        );
    }

    private static string Export(IReportExporter exporter)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        exporter.Export(TwoReports.Stored(ShownReport.Make(Older)), writer);
        return writer.ToString();
    }

    public sealed class Reports : IAsyncLifetime
    {
        internal ServedStore Served { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Served = await TwoReports.ServeAsync();

        public ValueTask DisposeAsync() => Served.DisposeAsync();
    }
}
