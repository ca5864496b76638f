using System.Text.RegularExpressions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Tests.Exports.Html;

public class HtmlExporterTests
{
    public static TheoryData<string> HostileTexts => HtmlTags.HostileTexts;

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void No_text_of_a_report_can_change_the_markup(string text)
    {
        var hostile = Html(SampleReport.WithEveryText(text));
        var harmless = Html(SampleReport.WithEveryText("harmless"));

        Assert.Equal(HtmlTags.Skeleton(harmless), HtmlTags.Skeleton(hostile));
        Assert.DoesNotContain("<script", hostile, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_id_that_could_be_a_style_is_in_no_style()
    {
        var sample = SampleReport.Create(attributions: 1);

        var html = Html(sample with { Report = sample.Report with { Id = "\"; } body { display: none; } a { b: \"" } });

        var style = html[
            html.IndexOf("<style>", StringComparison.Ordinal)..html.LastIndexOf("</style>", StringComparison.Ordinal)
        ];
        Assert.DoesNotContain("body { display", style, StringComparison.Ordinal);
        Assert.Contains("content: \"das-audit report\"", style, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing_and_runs_nothing()
    {
        var html = Html(SampleReport.Create(attributions: 20));

        Assert.Contains(
            "<meta http-equiv=\"Content-Security-Policy\" "
                + "content=\"default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;\">",
            html,
            StringComparison.Ordinal
        );
        Assert.All(
            HtmlTags.Attributes(html, "src"),
            src => Assert.StartsWith("data:image/png;base64,", src, StringComparison.Ordinal)
        );
        Assert.All(
            HtmlTags.Attributes(html, "href"),
            href => Assert.StartsWith("https://example.org/", href, StringComparison.Ordinal)
        );
        Assert.DoesNotMatch(@"(?i)<(script|link|iframe|object|embed|base|form)\b|@import|url\(|\son\w+=", html);
    }

    [Fact]
    public void Every_element_is_closed()
    {
        HtmlTags.AssertClosed(Html(SampleReport.WithEvidence()));
    }

    [Theory]
    [InlineData("https://example.org/a?b=c&d=\"e\"", "https://example.org/a?b=c&amp;d=%22e%22")]
    [InlineData("http://example.org", "http://example.org/")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("JaVaScRiPt:alert(1)//https://example.org", null)]
    [InlineData("data:text/html,<b>", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("//example.org/a", null)]
    [InlineData("example.org", null)]
    [InlineData("Flickr, 2011", null)]
    public void Only_web_addresses_become_links(string source, string? href)
    {
        var sample = SampleReport.Create(attributions: 1);
        var html = Html(
            sample with
            {
                Report = sample.Report with { Attributions = [sample.Report.Attributions[0] with { Source = source }] },
            }
        );

        Assert.Equal(href is null ? [] : [href], HtmlTags.Attributes(html, "href"));
        Assert.Equal(href is null ? 0 : 1, Regex.Count(html, "rel=\"noopener noreferrer nofollow\""));
        Assert.Contains($"<span class=\"source\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_characters_are_named()
    {
        var sample = SampleReport.Create(attributions: 1);
        var html = Html(
            sample with
            {
                Report = sample.Report with
                {
                    Attributions = [sample.Report.Attributions[0] with { Title = "photo\u202Egnp.exe" }],
                },
            }
        );

        Assert.DoesNotContain('\u202E', html);
        Assert.Contains(
            "<h3><bdi>photo<span class=\"hidden-character\">U+202E</span>gnp.exe</bdi></h3>",
            html.Replace("\n", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains("alt=\"photo[U+202E]gnp.exe\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_picture_has_a_text_and_a_missing_one_a_frame()
    {
        var sample = SampleReport.Create(attributions: 3);
        var html = Html(
            sample with
            {
                Thumbnails = sample
                    .Thumbnails.Where(t => t.Key != sample.Report.Attributions[1].Sha256)
                    .ToDictionary(t => t.Key, t => t.Key == sample.Report.Attributions[2].Sha256 ? [1, 2, 3] : t.Value),
            }
        );

        // Query and first attribution are whole; the second is missing and the third is no PNG. Attributions stand in
        // the cards and in the table.
        Assert.Equal(3, Regex.Count(html, "<img "));
        Assert.Equal(3, Regex.Count(html, "<img [^>]*alt=\"[^\"]+\""));
        Assert.Equal(4, Regex.Count(html, "class=\"picture missing\" role=\"img\" aria-label=\"[^\"]+: no picture\""));
    }

    [Fact]
    public void Small_pictures_are_not_blurred_and_large_ones_are()
    {
        var sample = SampleReport.Create(attributions: 1);
        var large = new Dictionary<string, byte[]>(sample.Thumbnails)
        {
            [sample.Report.Query.Sha256] = TinyPng.Create(1, 2, 3, 100),
        };

        Assert.Equal(3, Regex.Count(Html(sample), "class=\"picture pixels\""));
        Assert.Equal(2, Regex.Count(Html(sample with { Thumbnails = large }), "class=\"picture pixels\""));
    }

    [Fact]
    public void Bars_are_in_proportion_to_the_longest_error_bar()
    {
        var sample = SampleReport.Create(attributions: 2);
        var attributions = sample.Report.Attributions;
        var html = Html(
            sample with
            {
                Report = sample.Report with
                {
                    Groups = [],
                    Attributions =
                    [
                        attributions[0] with
                        {
                            Score = 4,
                            StandardError = 1,
                        },
                        attributions[1] with
                        {
                            Score = 1,
                            StandardError = 2,
                        },
                    ],
                },
            }
        );

        // Twice each: in the cards and in the table. An error bar that reaches below nothing is cut.
        Assert.Equal(
            ["80%", "20%", "80%", "20%"],
            Regex.Matches(html, "class=\"value\"[^>]*width=\"([^\"]*)\"").Select(m => m.Groups[1].Value)
        );
        Assert.Equal(
            ["60%-100%", "0%-60%", "60%-100%", "0%-60%"],
            Regex
                .Matches(html, "class=\"error-halo\" x1=\"([^\"]*)\"[^>]*x2=\"([^\"]*)\"")
                .Select(m => $"{m.Groups[1].Value}-{m.Groups[2].Value}")
        );
    }

    [Fact]
    public void Many_groups_end_in_a_line_for_the_rest()
    {
        var sample = SampleReport.Create();
        var html = Html(
            sample with
            {
                Report = sample.Report with
                {
                    Groups =
                    [
                        .. Enumerable.Range(0, 30).Select(i => new GroupShare($"holder {i}", 1 / 30.0, null, null, 4)),
                    ],
                },
            }
        );

        Assert.Contains("holder 9<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("holder 10<", html, StringComparison.Ordinal);
        Assert.Contains("20 others together", html, StringComparison.Ordinal);
    }

    private static string Html(StoredReport report) => Expected.Text(new HtmlExporter(), report);
}
