using DasAudit.Abstractions;
using DasAudit.Evidence.Store;

namespace DasAudit.Evidence.Tests.Store;

public class StoreAttackTests
{
    public static TheoryData<string> Names => [.. StoreAttacks.All.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_check_rejects(string name)
    {
        var attack = StoreAttacks.All.Single(attack => attack.Name == name);
        using var store = new AttackedStore();
        Assert.True(ExaminedStore.Check(store.Path, store.Anchor).IsSound);

        attack.Run(store);

        var check = ExaminedStore.Check(store.Path, attack.NeedsAnchor ? store.Anchor : null);
        Assert.Contains(check.Findings, finding => finding.What.Contains(attack.Finding, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_attack_says_what_it_attempts() =>
        Assert.All(StoreAttacks.All, attack => Assert.EndsWith(".", attack.Attempts, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_that_was_tampered_with_is_shown_as_sound(string name)
    {
        var attack = StoreAttacks.All.Single(attack => attack.Name == name);
        using var store = new AttackedStore();
        attack.Run(store);
        if (attack.NeedsAnchor)
            return;

        // Whatever a reader still gets is what was stored.
        for (var number = 0; number < 8; number++)
        {
            try
            {
                using var reader = ReportStore.Open(store.Path, StoreAccess.ReadOnly);
                var report = reader.Get(SampleReport.Id(number)).Report;
                Assert.Equal(
                    Core.Reports.ReportJson.Serialize(SampleReport.Create(number).Report),
                    Core.Reports.ReportJson.Serialize(report)
                );
            }
            catch (AuditException) { }
        }
    }
}
