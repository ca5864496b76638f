using System.Text;
using DasAudit.Evidence.Bundles;

namespace DasAudit.Evidence.Tests.Bundles;

/// <summary>Bundles whose page or tables say something else than their report, with a manifest that fits.</summary>
public sealed class RenderedPartsTests : IDisposable
{
    private readonly SampleBundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Page_and_tables_say_what_the_report_says()
    {
        var checks = Checks(_bundle.File);

        Assert.Equal([true, true, true], checks.Select(check => check.Passed));
        Assert.Equal([BundleNames.Csv, BundleNames.Parquet, BundleNames.Html], checks.Select(check => check.Name));
    }

    [Theory]
    [InlineData("4.1834E-06", "4.1834E-07", "row 1 has the score '4.1834E-07', not '4.1834E-06'")]
    [InlineData("Google LLC", "Nobody", "row 1 has the rights_holder 'Nobody', not 'Google LLC'")]
    [InlineData(",rights_holder,", ",holder,", "the column 'rights_holder' is missing")]
    [InlineData(",author,", ",license,", "it is no CSV")]
    public void A_cell_that_says_something_else_is_named(string text, string forged, string finding)
    {
        var csv = Encoding.UTF8.GetString(_bundle.Part(BundleNames.Csv));

        var check = Check(BundleNames.Csv, Replace(csv, text, forged));

        Assert.False(check.Passed);
        Assert.Contains(finding, check.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_more_or_less_is_named()
    {
        var csv = Encoding.UTF8.GetString(_bundle.Part(BundleNames.Csv));
        var lines = csv.Split('\n');

        Assert.Contains("it has 4 rows", Check(BundleNames.Csv, string.Join('\n', [.. lines[..^2], ""])).What);
        Assert.Contains("it has 6 rows", Check(BundleNames.Csv, csv + lines[^2] + "\n").What);
        Assert.False(Check(BundleNames.Csv, "").Passed);
        Assert.False(Check(BundleNames.Csv, "\"").Passed);
    }

    [Fact]
    public void The_same_cells_in_another_form_are_the_same()
    {
        var csv = Encoding.UTF8.GetString(_bundle.Part(BundleNames.Csv));

        var check = Check(BundleNames.Csv, csv.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.True(check.Passed);
        Assert.Contains("in the form of another version", check.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BundleNames.Html)]
    [InlineData(BundleNames.Parquet)]
    public void Another_page_or_Parquet_table_is_not_vouched_for(string name)
    {
        byte[] bytes = [.. _bundle.Part(name), 10];
        var verification = new BundleVerifier([]).Verify(With(name, bytes));

        var check = verification.Checks.Single(check => check.Name == name);
        Assert.Null(check.Passed);
        Assert.Contains("or it says something else", check.What, StringComparison.Ordinal);
        Assert.True(verification.IsConsistent);
    }

    [Fact]
    public void A_report_that_cannot_be_shown_stops_nothing()
    {
        var contents = _bundle.Contents with { Report = _bundle.Contents.Report with { Method = null! } };

        var check = Assert.Single(RenderedParts.Check(contents));

        Assert.Null(check.Passed);
    }

    private BundleCheck Check(string name, string text) =>
        Checks(With(name, Encoding.UTF8.GetBytes(text))).Single(check => check.Name == name);

    private static List<BundleCheck> Checks(byte[] file) =>
        [
            .. new BundleVerifier([])
                .Verify(file)
                .Checks.Where(check => check.Name.Contains('.', StringComparison.Ordinal)),
        ];

    private byte[] With(string name, byte[] bytes)
    {
        var contents = _bundle.Contents;
        List<BundlePart> parts =
        [
            .. contents.Parts.Select(part => part.Name == name ? part with { Bytes = bytes } : part),
        ];
        var manifest = BundleManifest.Of(contents.Report.Id, parts);
        return BundleWriter.Write(contents with { Parts = parts, Manifest = manifest }, null, null);
    }

    private static string Replace(string text, string part, string other)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        return text[..at] + other + text[(at + part.Length)..];
    }
}
