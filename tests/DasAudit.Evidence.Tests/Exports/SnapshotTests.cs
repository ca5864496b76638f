using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Tests.Exports;

public class SnapshotTests
{
    private static readonly IReportExporter[] Exporters =
    [
        new CsvExporter(),
        new MarkdownExporter(),
        new HtmlExporter(),
        new JsonExporter(),
    ];

    public static TheoryData<string> Formats() => [.. Exporters.Select(e => e.Format)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_report_looks_as_expected(string format)
    {
        Expected.Equals($"report.{format}", Expected.Text(Exporter(format), SampleReport.Create(attributions: 7)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_report_that_says_as_little_as_possible_looks_as_expected(string format)
    {
        Expected.Equals($"sparse.{format}", Expected.Text(Exporter(format), SampleReport.Sparse()));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_report_with_evidence_looks_as_expected(string format)
    {
        Expected.Equals($"evidence.{format}", Expected.Text(Exporter(format), SampleReport.WithEvidence()));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_report_quotes_evaluations(string format)
    {
        var stored = SampleReport.WithEvidence();
        var report = stored.Report with
        {
            Evaluations =
            [
                new(SampleReport.Id(1), "lds", SampleReport.Created, "32 parts", ["das: first.", "pva: <second>."]),
                new(SampleReport.Id(2), "ensemble", SampleReport.Created, "16 members", ["Not attributable."]),
            ],
        };

        var before = Expected.Text(Exporter(format), stored);
        var text = Expected.Text(Exporter(format), stored with { Report = report });

        Assert.DoesNotContain("Not attributable.", before);
        if (format == "csv")
        {
            Assert.Equal(before, text);
            return;
        }
        Assert.Contains("das: first.", text);
        Assert.Contains("Not attributable.", text);
        if (format != "json")
            Assert.Contains("How far this can be trusted", text);
        if (format == "html")
            Assert.Contains("pva: &lt;second&gt;. (evaluate lds, 32 parts, ", text);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_culture_of_the_machine_changes_nothing(string format)
    {
        var report = SampleReport.WithEvidence();
        var before = Expected.Text(Exporter(format), report);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        culture.DateTimeFormat.MonthNames = [.. Enumerable.Range(1, 13).Select(m => m == 13 ? "" : $"month {m}")];

        var own = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(before, Expected.Text(Exporter(format), report));
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_writer_stays_open(string format)
    {
        using var writer = new StringWriter();
        Exporter(format).Export(SampleReport.Create(), writer);
        writer.Write("more");
        Assert.EndsWith("more", writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report", false)]
    [InlineData("sparse", false)]
    [InlineData("evidence", true)]
    public void A_stored_report_reads_and_is_written_again_byte_by_byte(string name, bool evidence)
    {
        // report and sparse are as the first version of the schema wrote them.
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Exports", "Expected", $"{name}.json"));
        var report = ReportJson.Deserialize(text);
        Assert.Equal(evidence, report.Evidence is not null);
        Assert.Equal(text, ReportJson.Serialize(report));
    }

    [Fact]
    public void The_JSON_is_what_the_store_keeps()
    {
        var report = SampleReport.Create();
        Assert.Equal(ReportJson.Serialize(report.Report), Expected.Text(new JsonExporter(), report));
    }

    private static IReportExporter Exporter(string format) => Exporters.Single(e => e.Format == format);
}
