using DasAudit.Abstractions;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using LiteDB;

namespace DasAudit.Evidence.Tests.Store;

public sealed class StoredEvaluationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["audits.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluations_come_back_newest_first_beside_reports()
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
        {
            store.AddEvaluation(Evaluation(1));
            store.Add(SampleReport.Create());
            store.AddEvaluation(Evaluation(2));
        }

        using var reader = ReportStore.Open(Path, StoreAccess.ReadOnly);
        Assert.Equal([SampleReport.Id(2), SampleReport.Id(1)], reader.Evaluations().Select(e => e.Id));
        Assert.Single(reader.Query(ReportFilter.All));
        Assert.Equivalent(Evaluation(1), reader.Evaluations()[1], strict: true);
    }

    [Fact]
    public void A_store_without_evaluations_has_none()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.Add(SampleReport.Create());

        Assert.Empty(store.Evaluations());
    }

    [Fact]
    public void An_evaluation_is_never_replaced()
    {
        using var store = ReportStore.Open(Path, StoreAccess.ReadWrite);
        store.AddEvaluation(Evaluation(1));

        var error = Assert.Throws<AuditException>(() => store.AddEvaluation(Evaluation(1)));

        Assert.Contains("already holds an evaluation", error.Message);
        Assert.Single(store.Evaluations());
    }

    [Fact]
    public void A_store_that_is_open_for_reading_takes_none()
    {
        ReportStore.Open(Path, StoreAccess.ReadWrite).Dispose();
        using var store = ReportStore.Open(Path, StoreAccess.ReadOnly);

        Assert.Throws<InvalidOperationException>(() => store.AddEvaluation(Evaluation(1)));
    }

    [Theory]
    [InlineData("json")]
    [InlineData(null)]
    public void What_was_altered_or_removed_is_said(string? altered)
    {
        using (var store = ReportStore.Open(Path, StoreAccess.ReadWrite))
            store.AddEvaluation(Evaluation(1));
        using (var database = new LiteDatabase(Path))
        {
            var evaluations = database.GetCollection("evaluations");
            var document = evaluations.FindById(SampleReport.Id(1));
            if (altered is null)
                evaluations.Delete(document["_id"]);
            else
            {
                document[altered] = (byte[])[.. document[altered].AsBinary.SkipLast(1), 0];
                evaluations.Update(document);
            }
            database.Checkpoint();
        }

        using var reader = ReportStore.Open(Path, StoreAccess.ReadOnly);
        Assert.Contains("damaged", Assert.Throws<DamagedStoreException>(() => reader.Evaluations()).Message);
        var finding = Assert.Single(ExaminedStore.Check(Path).Findings);
        Assert.Equal((1, SampleReport.Id(1)), (finding.Record, finding.Id));
    }

    private static StoredEvaluation Evaluation(int number) => SampleEvaluation.Create(SampleReport.Id(number));
}
