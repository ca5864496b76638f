using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;

namespace DasAudit.Evidence.Tests.Exports;

public class CircumstancesTests
{
    [Fact]
    public void Retrained_models_are_counted_and_named_by_their_hash_where_there_are_any()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report), fact => fact.Name.Contains("etrained", StringComparison.Ordinal));
        var facts = Facts(report with { Method = report.Method with { Retrained = new(1200, "abc") } })
            .Where(fact => fact.Name.Contains("etrained", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(
            [("Retrained models", Figures.Count(1200), false), ("SHA-256 of the retrained models", "abc", true)],
            facts.Select(fact => (fact.Name, fact.Value, fact.Code))
        );
    }

    private static IEnumerable<Circumstances.Fact> Facts(AuditReport report) =>
        Circumstances.Of(report).Single(table => table.Title == "Method").Facts;
}
