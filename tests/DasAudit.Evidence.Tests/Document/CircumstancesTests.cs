using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Tests.Document;

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
            [
                ("Retrained models", Content.Foreign(Figures.Count(1200))),
                ("SHA-256 of the retrained models", Content.Code("abc")),
            ],
            facts.Select(fact => (fact.Name, fact.Value))
        );
    }

    [Fact]
    public void How_pictures_are_prepared_for_the_encoder_stands_with_what_says_so_where_it_is_known()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report, "What went in"), fact => fact.Name == "Preprocessing");
        var encoder = report.Encoder! with { Preprocessing = "resize to 8×8, box", PreprocessingSource = "a.json" };
        var fact = Facts(report with { Encoder = encoder }, "What went in").Last();
        Assert.Equal(("Preprocessing", Content.Foreign("resize to 8×8, box (a.json)")), (fact.Name, fact.Value));
    }

    private static IEnumerable<Fact> Facts(AuditReport report, string section = "Method") =>
        Circumstances.Of(report).Single(part => part.Title == section).Blocks.OfType<Facts>().Single().Items;
}
