using System.Globalization;
using CsvHelper;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;

namespace DasAudit.Evidence.Tests.Exports;

public class CsvExporterTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("＝1")]
    public void A_text_that_a_spreadsheet_would_run_is_made_harmless(string text)
    {
        var sample = SampleReport.Create(attributions: 1);
        var attribution = sample.Report.Attributions[0] with
        {
            Item = text,
            Title = text,
            License = text,
            RightsHolder = text,
            Author = text,
            Source = text,
            Tiers = [text],
        };
        var report = sample with
        {
            Report = sample.Report with
            {
                Attributions = [attribution],
                Query = sample.Report.Query with { Path = text },
                Model = sample.Report.Model with { Path = text },
            },
        };

        var row = Rows(report).Single();

        foreach (
            var column in new[]
            {
                "query",
                "model",
                "item",
                "title",
                "license",
                "rights_holder",
                "author",
                "source",
                "tiers",
            }
        )
            Assert.Equal("'" + text, row[column]);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("a, \"b\"\nc;d")]
    [InlineData("ünï ☺ \u202E")]
    [InlineData(" 1=1")]
    [InlineData("'quoted'")]
    [InlineData("a\rb")]
    [InlineData("a\r\nb")]
    public void Any_other_text_comes_back_as_it_was(string text)
    {
        var sample = SampleReport.Create(attributions: 1);
        var report = sample with
        {
            Report = sample.Report with { Attributions = [sample.Report.Attributions[0] with { Title = text }] },
        };

        Assert.Equal(text, Rows(report).Single()["title"]);
    }

    [Fact]
    public void Numbers_read_back_to_the_same_double_and_are_no_text()
    {
        var sample = SampleReport.Create(attributions: 1);
        var attribution = sample.Report.Attributions[0] with
        {
            Score = 0.1 + 0.2,
            StandardError = double.Epsilon,
            Direction = -1,
            Similarity = -0.25,
        };
        var report = sample with { Report = sample.Report with { Attributions = [attribution] } };

        var row = Rows(report).Single();

        Assert.Equal(0.1 + 0.2, double.Parse(row["score"], CultureInfo.InvariantCulture));
        Assert.Equal(double.Epsilon, double.Parse(row["standard_error"], CultureInfo.InvariantCulture));
        Assert.Equal("-1", row["direction"]);
        Assert.Equal("-0.25", row["similarity"]);
    }

    [Fact]
    public void There_is_one_row_for_each_attribution_and_an_empty_cell_where_nothing_is_stated()
    {
        var rows = Rows(SampleReport.Create(attributions: 20));

        Assert.Equal(
            Enumerable.Range(1, 20).Select(r => r.ToString(CultureInfo.InvariantCulture)),
            rows.Select(r => r["rank"])
        );
        Assert.All(rows, r => Assert.Equal(SampleReport.Id(0), r["report"]));
        Assert.Equal("", rows[0]["author"]);
    }

    [Fact]
    public void The_columns_are_the_same_with_evidence_and_without()
    {
        var (with, without) = (Rows(SampleReport.WithEvidence()), Rows(SampleReport.Create()));

        Assert.Equal(without[0].Keys, with[0].Keys);
        Assert.Equal(["strong", "moderate", "weak", "not established"], with.Select(r => r["strength"]));
        Assert.Equal(0.045, double.Parse(with[0]["q_value"], CultureInfo.InvariantCulture));
        Assert.Equal(1 / 599.0, double.Parse(with[0]["p_value"], CultureInfo.InvariantCulture), 1e-15);
        Assert.Equal("0.875", with[1]["top_probability"]);
        foreach (var column in new[] { "strength", "p_value", "q_value", "top_probability" })
            Assert.Equal("", without[0][column]);
    }

    private static List<Dictionary<string, string>> Rows(StoredReport report)
    {
        using var csv = new CsvReader(
            new StringReader(Expected.Text(new CsvExporter(), report)),
            CultureInfo.InvariantCulture
        );
        csv.Read();
        csv.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
            rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!));
        return rows;
    }
}
