using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Document;

public class CustodySectionTests
{
    [Fact]
    public void The_hash_of_the_report_is_that_which_its_record_has()
    {
        using var folder = new TempFolder();
        using var store = ReportStore.Open(folder["audits.db"], StoreAccess.ReadWrite);
        var report = SampleReport.Create();
        store.Add(report);

        var record = store.Record(RecordKind.Report, report.Report.Id)!;

        var stored = store.Get(report.Report.Id).Report;
        Assert.Equal(record.Sha256, Fact(stored, "SHA-256 of the report"));
    }

    [Theory]
    [InlineData(null, "not stated")]
    [InlineData("Example & Partners", "Example & Partners, as they said")]
    public void Who_made_it_is_what_they_said(string? auditor, string words)
    {
        var report = SampleReport.Create().Report with { Auditor = auditor };

        Assert.Equal(words, Fact(report, "Made by"));
    }

    private static string Fact(AuditReport report, string name)
    {
        var facts = Assert.IsType<Facts>(Assert.Single(CustodySection.Of(report).Blocks));
        return Assert.Single(facts.Items, fact => fact.Name == name).Value.Text;
    }
}
