using DasAudit.Core.Pictures.Statements;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;
using DasAudit.Evidence.Tests.Exports;

namespace DasAudit.Evidence.Tests.Document;

/// <summary>What a report says of the use of its listed pictures.</summary>
public static class RightsSectionTests
{
    private static readonly StoredReport Plain = SampleReport.Create();

    [Fact]
    public static void Without_statements_there_is_no_section()
    {
        Assert.Null(RightsSection.Of(Plain.Report));
        Assert.Null(RightsSection.Brief(Plain.Report));
    }

    [Fact]
    public static void The_section_says_what_each_statement_says_where_and_when()
    {
        var text = Expected.Text(new MarkdownExporter(), With(Info()));
        Assert.Contains("## Rights: what is said on training", text, StringComparison.Ordinal);
        Assert.Contains(
            "Of the 5 listed pictures, 1 has an opt-out: training or mining is refused.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("training is prohibited", text, StringComparison.Ordinal);
        Assert.Contains("27 November 2026, 08:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("(attribution required)", text, StringComparison.Ordinal);
        Assert.Contains("The signature was not checked.", text, StringComparison.Ordinal);
        Assert.True(
            text.IndexOf("training is prohibited", StringComparison.Ordinal)
                < text.IndexOf("mining is allowed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public static void What_could_not_be_read_is_said()
    {
        var info = new RightsInfo([]) { Unread = [new("a.png", "Its XMP cannot be read.")] };
        var text = Expected.Text(new MarkdownExporter(), With(info));
        Assert.Contains(
            "No opt-out was read of the 5 listed pictures. Some files could not be read",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("a.png: Its XMP cannot be read.", text, StringComparison.Ordinal);
    }

    [Fact]
    public static void Texts_of_files_are_harmless_in_a_page()
    {
        var page = Expected.Text(new HtmlExporter(), With(Info("<script>alert(1)</script>")));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public static void The_brief_form_has_the_opt_outs_alone()
    {
        var section = RightsSection.Brief(With(Info()).Report)!;
        var table = Assert.Single(section.Blocks.OfType<DocumentTable>());
        Assert.Equal("training is prohibited", Assert.Single(table.Rows)[2].Text);
    }

    private static StoredReport With(RightsInfo rights) =>
        Plain with
        {
            Report = Plain.Report with { Rights = rights },
        };

    private static RightsInfo Info(string says = "training is prohibited") =>
        new([
            new(2, "b.png", SignalStance.OptOut, [Signal(SignalStance.OptOut, says)])
            {
                LicenseAsks = "attribution required",
            },
            new(1, "a.png", SignalStance.Allowed, [Signal(SignalStance.Allowed, "mining is allowed")]),
        ]);

    private static UseSignal Signal(SignalStance stance, string says) =>
        new()
        {
            Kind = "cawg.training-mining",
            Stance = stance,
            Value = says,
            Says = says,
            Place = "C2PA manifest",
            ReadUtc = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero),
            Checked = "The signature was not checked.",
        };
}
