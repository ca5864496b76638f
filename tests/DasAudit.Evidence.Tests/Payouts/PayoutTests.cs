using System.Globalization;
using CsvHelper;
using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Payouts;

namespace DasAudit.Evidence.Tests.Payouts;

public class PayoutTests
{
    // 62, 20, 12 and 6 % (not stated).
    private static AuditReport Report => SampleReport.Create().Report;

    [Fact]
    public void Amounts_follow_the_shares_and_sum_to_the_total_with_the_unattributed()
    {
        var payout = Divide(Report, 1000.01m);

        Assert.Equal([620.01m, 200.00m, 120.00m, 60.00m], payout.Lines.Select(line => line.Amount));
        Assert.Equal(1000.01m, payout.Lines.Sum(line => line.Amount));
        Assert.Equal(60.00m, payout.Unattributed);
        var unattributed = payout.Lines[3];
        Assert.Equal((null, null), (unattributed.Holder, unattributed.Payee));
        Assert.Equal((550.01m, 690.01m), (payout.Lines[0].AmountLow, payout.Lines[0].AmountHigh));
    }

    [Fact]
    public void Splits_divide_what_is_the_holders_without_changing_it()
    {
        var splits = SplitTable.Read(
            new StringReader("holder,payee,part\nGoogle LLC,A,0.333\nGoogle LLC,B,0.333\nGoogle LLC,C,0.334\n"),
            "s"
        );
        var payout = Payout.Of(Report, 1000.01m, "EUR", 2, splits);

        var google = payout.Lines.Where(line => line.Holder == "Google LLC").ToList();
        Assert.Equal(["A", "B", "C"], google.Select(line => line.Payee));
        Assert.Equal(620.01m, google.Sum(line => line.Amount));
        Assert.Equal([206.46m, 206.46m, 207.09m], google.Select(line => line.Amount));
        Assert.Equal(1000.01m, payout.Lines.Sum(line => line.Amount));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(6)]
    public void Any_total_is_divided_to_the_last_unit(int decimals)
    {
        var random = new Random(decimals);
        for (var n = 0; n < 200; n++)
        {
            var total = decimal.Round((decimal)(random.NextDouble() * 1e6) + 1, decimals);
            var shares = Enumerable.Range(0, 9).Select(_ => random.NextDouble()).ToList();
            var groups = shares.Select((share, i) => new GroupShare($"g{i}", share / shares.Sum(), null, null, 1));

            var payout = Payout.Of(Report with { Groups = [.. groups] }, total, "X", decimals, SplitTable.None);

            Assert.Equal(total, payout.Lines.Sum(line => line.Amount));
            Assert.All(payout.Lines, line => Assert.Equal(line.Amount, decimal.Round(line.Amount, decimals)));
        }
    }

    [Fact]
    public void Where_nothing_has_a_share_nobody_is_paid()
    {
        var payout = Divide(Report with { Groups = [.. Report.Groups.Select(group => group with { Share = 0 })] }, 10);

        Assert.Equal((10m, 10m), (payout.Unattributed, payout.Lines.Single().Amount));
    }

    [Fact]
    public void What_to_know_before_paying_is_said()
    {
        Assert.Contains("the other 210 of the dataset get nothing", string.Join(' ', Divide(Report, 1).Notes));
        var sparse = SampleReport.Sparse().Report;
        Assert.Contains("The shares have no intervals.", Divide(sparse, 1).Notes);
        var clip = Report with { Method = Report.Method with { Id = "clip" } };
        Assert.Contains("resemblance", string.Join(' ', Divide(clip, 1).Notes));
        var chance = Report with { Groups = [Report.Groups[0] with { PValue = 0.4, QValue = 0.5 }] };
        Assert.Contains("'Google LLC'", string.Join(' ', Divide(chance, 1).Notes));
        var splits = SplitTable.Read(new StringReader("holder,payee,part\nNobody,A,1\n"), "s");
        Assert.Contains("'Nobody'", string.Join(' ', Payout.Of(Report, 1, "EUR", 2, splits).Notes));
    }

    [Fact]
    public void Shares_by_something_else_or_none_are_refused()
    {
        var byLicense = Assert.Throws<AuditException>(() => Divide(Report with { GroupedBy = "license" }, 1));
        Assert.Contains("by license", byLicense.Message, StringComparison.Ordinal);
        Assert.Throws<AuditException>(() => Divide(Report with { Groups = [] }, 1));
    }

    [Fact]
    public void The_table_reads_back_and_runs_no_formula()
    {
        var groups = new[]
        {
            new GroupShare("=HYPERLINK(\"x\")", 0.7, 0.6, 0.8, 2),
            new(GroupKey.NotStated, 0.3, null, null, 1),
        };
        using var writer = new StringWriter();
        PayoutTable.Write(Divide(Report with { Groups = groups }, 10), writer);

        using var csv = new CsvReader(new StringReader(writer.ToString()), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Cast<IDictionary<string, object>>().ToList();
        Assert.Equal("'=HYPERLINK(\"x\")", rows[0]["rights_holder"]);
        Assert.Equal(("7.00", "6.00", "8.00"), (rows[0]["amount"], rows[0]["amount_low"], rows[0]["amount_high"]));
        Assert.Equal(("(not stated)", "(unattributed)"), (rows[1]["rights_holder"], rows[1]["payee"]));
        Assert.Equal(("3.00", "", "EUR"), (rows[1]["amount"], rows[1]["amount_low"], rows[1]["currency"]));
    }

    private static Payout Divide(AuditReport report, decimal total) =>
        Payout.Of(report, total, "EUR", 2, SplitTable.None);
}
