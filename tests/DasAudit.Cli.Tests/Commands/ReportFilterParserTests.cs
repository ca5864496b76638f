using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Cli.Tests.Commands;

public class ReportFilterParserTests
{
    [Fact]
    public void Every_term_fills_its_field() =>
        Assert.Equal(
            new ReportFilter
            {
                Model = "unet",
                Image = "smile",
                RightsHolder = "Google LLC",
                License = "CC-BY-4.0",
                From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
                Until = new(2026, 1, 31, 18, 30, 0, TimeSpan.Zero),
                MinimumShare = 0.5,
                Dataset = "faces",
                Method = "das",
                Picture = "faces/1.png",
                Strength = EvidenceStrength.Moderate,
            },
            ReportFilterParser.Parse(
                "model=unet image=smile rights-holder=\"Google LLC\" license=CC-BY-4.0 from=2026-01-01 "
                    + "until=2026-01-31T18:30 share>=0.5 dataset=faces method=das picture=faces/1.png word>=Moderate"
            )
        );

    [Fact]
    public void A_value_goes_on_to_the_next_term() =>
        Assert.Equal(
            new ReportFilter { RightsHolder = "Google LLC", License = "MIT" },
            ReportFilterParser.Parse("  rights-holder=Google LLC   license=MIT ")
        );

    [Fact]
    public void What_looks_like_a_term_may_stand_in_quotes() =>
        Assert.Equal(
            new ReportFilter { Model = "a model=\"b\" \\ c", License = "MIT" },
            ReportFilterParser.Parse("""model="a model=\"b\" \\ c" license=MIT""")
        );

    [Fact]
    public void Only_known_keys_begin_a_term() =>
        Assert.Equal(new ReportFilter { Model = "lr=0.1 x>=2" }, ReportFilterParser.Parse("model=lr=0.1 x>=2"));

    [Theory]
    [InlineData("share>=50%", 0.5)]
    [InlineData("share>=0", 0.0)]
    [InlineData("share>=1", 1.0)]
    [InlineData("share>=12.5%", 0.125)]
    public void A_share_may_be_a_percentage(string text, double share) =>
        Assert.Equal(share, ReportFilterParser.Parse(text).MinimumShare);

    [Fact]
    public void A_time_may_state_its_zone() =>
        Assert.Equal(
            new DateTimeOffset(2026, 1, 31, 16, 0, 0, TimeSpan.Zero),
            ReportFilterParser.Parse("from=2026-01-31T18:00+02:00").From
        );

    [Theory]
    [InlineData("", "The filter is empty; write terms such as model=unet, or use 'reports list'.")]
    [InlineData("   ", "The filter is empty; write terms such as model=unet, or use 'reports list'.")]
    [InlineData("unet", "Column 1 of the filter: a term such as model=… is expected here, not 'unet'.")]
    [InlineData("  unet", "Column 3 of the filter: a term such as model=… is expected here, not 'unet'.")]
    [InlineData(
        "modle=unet",
        "Column 1 of the filter: 'modle' is no key (did you mean 'model'?); keys are model, image, "
            + "rights-holder, license, from, until, share, dataset, method, picture, word."
    )]
    [InlineData(
        "model=\"a\" size=3",
        "Column 11 of the filter: 'size' is no key; keys are model, image, rights-holder, license, from, until, share, "
            + "dataset, method, picture, word."
    )]
    [InlineData("word=weak", "Column 5 of the filter: write word>=moderate, not word=.")]
    [InlineData("word>=sure", "Column 7 of the filter: 'sure' is no evidence word; write weak, moderate or strong.")]
    [InlineData("model>=a", "Column 6 of the filter: write model=VALUE, not model>=.")]
    [InlineData("share=0.5", "Column 6 of the filter: write share>=0.5, not share=.")]
    [InlineData("share<=0.5", "Column 6 of the filter: write share>=0.5, not share<=.")]
    [InlineData("model=a model=b", "Column 9 of the filter: 'model' stands twice.")]
    [InlineData("model= license=MIT", "Column 7 of the filter: the value of 'model' is missing.")]
    [InlineData("model=", "Column 7 of the filter: the value of 'model' is missing.")]
    [InlineData("model=\"a", "Column 7 of the filter: the quote that begins here does not end.")]
    [InlineData("model=\"a\"b", "Column 10 of the filter: a space is expected after the quote.")]
    [InlineData("share>=1.5", "Column 8 of the filter: '1.5' is no share; write a number from 0 to 1, or 0% to 100%.")]
    [InlineData(
        "share>=-0.1",
        "Column 8 of the filter: '-0.1' is no share; write a number from 0 to 1, or 0% to 100%."
    )]
    [InlineData(
        "share>=half",
        "Column 8 of the filter: 'half' is no share; write a number from 0 to 1, or 0% to 100%."
    )]
    [InlineData(
        "model=a from=yesterday",
        "Column 14 of the filter: 'yesterday' is no date; write 2026-01-31 or 2026-01-31T18:00, in UTC."
    )]
    [InlineData(
        "from=2026-02-30",
        "Column 6 of the filter: '2026-02-30' is no date; write 2026-01-31 or 2026-01-31T18:00, in UTC."
    )]
    public void A_mistake_is_wrong_usage_at_its_column(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => ReportFilterParser.Parse(text)).Message);
}
