using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Pages;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Tests.Exports.Html;

namespace DasAudit.Evidence.Tests.Pages;

public class SitePageTests
{
    public static TheoryData<string> HostileTexts => HtmlTags.HostileTexts;

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void No_text_of_a_report_the_store_or_the_address_can_change_the_markup(string text)
    {
        var harmless = Pages("harmless").Select(HtmlTags.Skeleton);
        var hostile = Pages(text).Select(HtmlTags.Skeleton);

        Assert.Equal(harmless, hostile);
        Assert.All(Pages(text), html => Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_policy_names_every_style_sheet_and_the_pages_load_nothing()
    {
        foreach (var html in Pages("harmless"))
        {
            foreach (Match style in Regex.Matches(html, "<style>(.*?)</style>", RegexOptions.Singleline))
            {
                var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style.Groups[1].Value)));
                Assert.Contains($"'sha256-{hash}'", SiteStyle.ContentSecurityPolicy, StringComparison.Ordinal);
            }

            Assert.All(HtmlTags.Attributes(html, "src"), src => Assert.StartsWith("data:image/png;base64,", src));
            Assert.DoesNotMatch(@"(?i)<(script|iframe|object|embed|base)\b|@import|url\(|\son\w+=|\sstyle=", html);
            HtmlTags.AssertClosed(html);
        }
    }

    [Fact]
    public void The_page_of_a_report_holds_the_HTML_export()
    {
        var report = SampleReport.WithEvidence();
        var export = Text(writer => new DasAudit.Evidence.Exports.Html.HtmlExporter().Export(report, writer));
        var page = Text(new ReportPage(report, null, [], []).Write());

        var sections = export[export.IndexOf("<header>", StringComparison.Ordinal)..];
        Assert.EndsWith(sections, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_shows_as_many_reports_as_fit_and_leads_to_the_others()
    {
        var reports = Enumerable.Range(0, 60).Select(i => SampleReport.Create(i)).Reverse().ToList();
        var second = List(reports, [("page", "2")]);
        Assert.Contains("60 reports", second, StringComparison.Ordinal);
        Assert.Equal(ReportList.PageLength, Regex.Count(second, "class=\"claim\""));
        Assert.Contains("Page 2 of 3", second, StringComparison.Ordinal);
        Assert.Contains("href=\"./\" rel=\"prev\"", second, StringComparison.Ordinal);
        Assert.Contains("href=\"./?page=3\" rel=\"next\"", second, StringComparison.Ordinal);
        Assert.Contains(reports[25].Report.Id, second, StringComparison.Ordinal);
        Assert.Contains("Page 3 of 3", List(reports, [("page", "9")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_report_is_named_among_the_others()
    {
        var summary = ReportSummary.Of(SampleReport.Create().Report);
        var list = new ReportList("audits.db", new FilterForm([]), [summary], [summary])
        {
            Read = [new(summary.Id, null, $"report '{summary.Id}' is not what was stored")],
        };
        var html = Text(ListPage.Write(list));
        Assert.Contains("This report is damaged", html, StringComparison.Ordinal);
        Assert.Contains($"report &#39;{summary.Id}&#39; is not what was stored.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_store_and_a_filter_that_nothing_meets_are_told_apart()
    {
        Assert.Contains("holds no reports yet", List([], []), StringComparison.Ordinal);
        var summary = ReportSummary.Of(SampleReport.Create().Report);
        var list = new ReportList("audits.db", new FilterForm([("model", "x")]), [summary], []);
        var html = Text(ListPage.Write(list));
        Assert.Contains("No report meets the filter.", html, StringComparison.Ordinal);
        Assert.Contains("0 of 1 report", html, StringComparison.Ordinal);
        Assert.Contains("value=\"x\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_shows_both_reports_and_what_differs()
    {
        var (a, b) = (SampleReport.Create(0), SampleReport.Create(1));
        b = b with { Report = b.Report with { Method = b.Report.Method with { Projection = "sjlt:512" } } };
        var html = Text(new ComparisonPage(a, b).Write());
        Assert.Contains("They differ in what went in", html, StringComparison.Ordinal);
        Assert.Contains("method.projection", html, StringComparison.Ordinal);
        Assert.Contains("sjlt:512", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"./compare?a={b.Report.Id}&amp;b={a.Report.Id}\"", html, StringComparison.Ordinal);
        Assert.Contains("100\u00A0% of the first 5 in common", html, StringComparison.Ordinal);
    }

    private static List<string> Pages(string text)
    {
        var report = SampleReport.WithEveryText(text);
        var summary = ReportSummary.Of(report.Report);
        var form = new FilterForm([("model", text), ("share", text), (text, "x")]);
        return
        [
            List([report], [("model", text)]),
            Text(ListPage.Write(new ReportList(text, form, [summary], []))),
            Text(new ReportPage(report, null, [("JSON", "json")], [summary]).Write()),
            Text(new ComparisonPage(report, SampleReport.Create(1)).Write()),
            Text(MessagePage.Write("Not there", text, SiteLinks.FromFolder)),
            Text(MessagePage.WritePlain("Refused", text)),
        ];
    }

    private static string List(IReadOnlyList<StoredReport> reports, IEnumerable<(string, string)> parameters)
    {
        var summaries = reports.Select(report => ReportSummary.Of(report.Report)).ToList();
        var list = new ReportList("audits.db", new FilterForm(parameters), summaries, summaries);
        var byId = reports.ToDictionary(report => report.Report.Id);
        var read = list.OnPage.Select(summary => new ListedReport(summary.Id, byId[summary.Id], null));
        return Text(ListPage.Write(list with { Read = [.. read] }));
    }

    private static string Text(Action<TextWriter> write) => Text(SitePage.Text(write));

    private static string Text(byte[] page) => Encoding.UTF8.GetString(page);
}
