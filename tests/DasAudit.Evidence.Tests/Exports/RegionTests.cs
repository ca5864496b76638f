using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>Reports on a part of a picture say so wherever they speak of the picture.</summary>
public class RegionTests
{
    private static readonly StoredReport Whole = SampleReport.Create();

    [Fact]
    public void The_page_shows_the_region_and_speaks_of_a_part()
    {
        var page = Expected.Text(new HtmlExporter(), Region(null));

        Assert.Contains("<title>What a part of ", page, StringComparison.Ordinal);
        Assert.Contains("region outlined", page, StringComparison.Ordinal);
        Assert.Contains("Asked about: 3 × 2 pixels at 1, 0 (9\u00a0% of the picture)", page, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Marked), page, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Marked), Expected.Text(new HtmlExporter(), Whole));
    }

    [Fact]
    public void Text_names_the_region_and_its_mask()
    {
        var text = Expected.Text(new MarkdownExporter(), Region("masks/eyes.png"));

        Assert.StartsWith("# What a part of `", text, StringComparison.Ordinal);
        Assert.Contains("what a mask marks within 3 × 2 pixels at 1, 0", text, StringComparison.Ordinal);
        Assert.Contains("masks/eyes.png", text, StringComparison.Ordinal);
        Assert.Contains(new string('e', 64), text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_brief_form_has_a_line_for_it_and_claims_are_of_the_part()
    {
        var report = Region("eyes.png").Report;

        var line = BriefFacts.Of(report).Single(fact => fact.Name == "region").Value.Text;
        Assert.StartsWith("what a mask marks within", line, StringComparison.Ordinal);
        Assert.Contains("eyes.png, SHA-256 eeeeeeeeeeee…", line, StringComparison.Ordinal);
        Assert.DoesNotContain(BriefFacts.Of(Whole.Report), fact => fact.Name == "region");
        var claim = Headline.Of(report with { Groups = [] }).Claim;
        Assert.EndsWith(
            "in this part of the picture was measured for any rights holder",
            claim,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_the_picture_of_the_region_the_frame_stays_empty()
    {
        var region = Region(null);
        var without = region with { Thumbnails = Whole.Thumbnails };

        Assert.Contains(
            "region outlined: no picture",
            Expected.Text(new HtmlExporter(), without),
            StringComparison.Ordinal
        );
    }

    private static byte[] Marked { get; } = TinyPng.Create(1, 2, 3, 8);

    private static StoredReport Region(string? mask)
    {
        var query = Whole.Report.Query with
        {
            Region = new(1, 0, 3, 2, 6 / 64.0) { Mask = mask, MaskSha256 = mask is null ? null : new string('e', 64) },
        };
        return new(
            Whole.Report with
            {
                Query = query,
            },
            new Dictionary<string, byte[]>(Whole.Thumbnails) { [query.RegionThumbnail] = Marked }
        );
    }
}
