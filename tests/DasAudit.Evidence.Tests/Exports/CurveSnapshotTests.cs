using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;

namespace DasAudit.Evidence.Tests.Exports;

public class CurveSnapshotTests
{
    private static readonly IReportExporter[] Exporters =
    [
        new MarkdownExporter(),
        new HtmlExporter(),
        new JsonExporter(),
    ];

    public static TheoryData<string> Formats() => [.. Exporters.Select(e => e.Format)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_report_with_a_damping_curve_and_a_subset_looks_as_expected(string format)
    {
        Expected.Equals(
            $"curve.{format}",
            Expected.Text(Exporters.Single(e => e.Format == format), SampleReport.WithCurve())
        );
    }

    [Fact]
    public void It_reads_back_to_the_same_text()
    {
        var json = ReportJson.Serialize(SampleReport.WithCurve().Report);
        Assert.Equal(json, ReportJson.Serialize(ReportJson.Deserialize(json)));
    }

    [Theory]
    [InlineData("refit", "fitted again after each")]
    [InlineData("adaptive", "adds most to those before it.")]
    [InlineData("greedy", "by falling score")]
    public void It_says_how_the_subset_was_sought(string search, string said)
    {
        var report = SampleReport.Create() with
        {
            Report = SampleReport.Create().Report with { Subset = new(search, ["faces/1.png"], [1]) },
        };
        foreach (var exporter in Exporters.Take(2))
            Assert.Contains(said, Expected.Text(exporter, report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subset_that_nothing_adds_to_says_so()
    {
        var report = SampleReport.Create() with
        {
            Report = SampleReport.Create().Report with { Subset = new("greedy", [], []) },
        };
        foreach (var exporter in Exporters.Take(2))
            Assert.Contains(
                "No picture that was scored adds anything.",
                Expected.Text(exporter, report),
                StringComparison.Ordinal
            );
    }
}
