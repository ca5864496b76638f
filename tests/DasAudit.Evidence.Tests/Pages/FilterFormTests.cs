using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Pages;

namespace DasAudit.Evidence.Tests.Pages;

public class FilterFormTests
{
    [Fact]
    public void Fields_become_the_terms_of_a_query_and_empty_ones_nothing()
    {
        var form = new FilterForm([
            ("image", ""),
            ("rights-holder", " Google LLC "),
            ("share", "50%"),
            ("word", "moderate"),
            ("until", "2026-01-31"),
            ("page", "3"),
        ]);

        Assert.Empty(form.Problems);
        Assert.True(form.IsFilter);
        Assert.Equal(3, form.Page);
        Assert.Equal(
            new ReportFilter
            {
                RightsHolder = "Google LLC",
                MinimumShare = 0.5,
                Strength = EvidenceStrength.Moderate,
                Until = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero),
            },
            form.Filter
        );
    }

    [Theory]
    [InlineData("share", "half", "'half' is no share; write a number from 0 to 1, or 0% to 100%.")]
    [InlineData("from", "yesterday", "'yesterday' is no date; write 2026-01-31 or 2026-01-31T18:00, in UTC.")]
    [InlineData("word", "sure", "'sure' is no evidence word; write weak, moderate or strong.")]
    [InlineData("page", "0", "'0' is no page; pages are numbered from 1.")]
    [InlineData("page", "99999999999", "'99999999999' is no page; pages are numbered from 1.")]
    [InlineData(
        "modle",
        "unet",
        "There is no filter 'modle'; filters are model, image, rights-holder, license, from, until, share, dataset, "
            + "method, picture, word."
    )]
    public void What_is_wrong_is_said_of_its_field(string name, string value, string sentence) =>
        Assert.Equal(sentence, new FilterForm([(name, value)]).Problems[name]);

    [Fact]
    public void A_term_that_stands_twice_is_refused() =>
        Assert.Equal(
            "The filter 'model' stands twice.",
            new FilterForm([("model", "a"), ("model", "b")]).Problems["model"]
        );

    [Fact]
    public void Other_pages_keep_the_filter()
    {
        var form = new FilterForm([("rights-holder", "A&B <c> 100%"), ("page", "2")]);
        const string filtered = "./?rights-holder=A%26B%20%3Cc%3E%20100%25";
        Assert.Equal($"{filtered}&page=3", form.AtPage(SiteLinks.FromList, 3));
        Assert.Equal(filtered, form.AtPage(SiteLinks.FromList, 1));
        Assert.Equal("./", new FilterForm([]).AtPage(SiteLinks.FromList, 1));
    }
}
