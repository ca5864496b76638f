using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Policies;

namespace DasAudit.Evidence.Tests.Policies;

public class WaiverTests
{
    private const string Rule = """{ "rule": "attribution-license", "licenses": ["MIT"] }""";

    private static readonly AuditReport Report = PolicyRuleTests.WithLicenses(("0BSD", 4, EvidenceStrength.Strong));

    private static readonly AttributedPicture Picture = Report.Attributions[0];

    public static TheoryData<string, bool> Selections() =>
        new()
        {
            { $"\"picture\": \"{Report.Query.Path}\"", true },
            { "\"picture\": \"generated/*.png\"", true },
            { "\"picture\": \"**/*.png\"", true },
            { "\"picture\": \"./generated/0.png\"", true },
            { "\"picture\": \"*.png\"", false },
            { "\"picture\": \"generated/1.png\"", false },
            { $"\"picture\": \"{Report.Query.PixelSha256[..12]}\"", true },
            { $"\"picture\": \"{Report.Query.Sha256}\"", true },
            { $"\"picture\": \"{Report.Query.PixelSha256[..11]}\"", false },
            { $"\"item\": \"{Picture.Item}\"", true },
            { $"\"item\": \"{Picture.PixelSha256}\"", true },
            { $"\"item\": \"{Picture.PixelSha256}\", \"picture\": \"other.png\"", false },
            { $"\"holder\": \"{Picture.RightsHolder!.ToUpperInvariant()}\"", true },
            { "\"holder\": \"Nobody\"", false },
            { $"\"report\": \"{Report.Id[..5]}\"", true },
            { "\"report\": \"7ZZ\"", false },
        };

    [Theory]
    [MemberData(nameof(Selections))]
    public void A_waiver_waives_what_it_is_about(string selection, bool isWaived)
    {
        var finding = Assert.Single(Ask(Waiver(selection, "2026-11-27")));

        Assert.Equal(isWaived, finding.Waiver is not null);
    }

    [Fact]
    public void A_waiver_of_another_rule_waives_nothing()
    {
        var waiver = Waiver("\"report\": \"0\"", "2027-01-01").Replace("DAS0001", "DAS0002", StringComparison.Ordinal);

        Assert.Null(Assert.Single(Ask(waiver)).Waiver);
    }

    [Fact]
    public void What_is_waived_does_not_count()
    {
        var check = new PolicyCheck(
            TestPolicies.Of(Rule, Waiver("\"picture\": \"**/*.png\"", "2026-11-27")),
            TestPolicies.Now
        );
        check.Add(TestPolicies.Stored(Report));

        Assert.False(check.Outcome().IsHit);
        Assert.Equal(1, check.Outcome().Waived);
    }

    [Fact]
    public void An_expired_waiver_waives_nothing_and_is_named_at_its_line()
    {
        var findings = Ask("\n" + Waiver("\"picture\": \"**/*.png\"", "2026-11-26"));

        var expired = Assert.Single(findings, finding => finding.Rule == RuleCatalog.WaiverExpired);
        Assert.Equal(PolicySeverity.Warning, expired.Severity);
        Assert.Equal((TestPolicies.File, 2), (expired.Subject.File, expired.Subject.Line));
        Assert.StartsWith(
            "The waiver of DAS0001 by Ada (by letter) held until 2026-11-26 and waives nothing now.",
            expired.Message,
            StringComparison.Ordinal
        );
        Assert.Null(Assert.Single(findings, finding => finding.Rule == RuleCatalog.AttributionLicense).Waiver);
    }

    private static IReadOnlyList<PolicyFinding> Ask(string waiver) =>
        TestPolicies.Ask(TestPolicies.Of(Rule, waiver), TestPolicies.Stored(Report));

    private static string Waiver(string selection, string until) =>
        $$"""{ "rule": "DAS0001", {{selection}}, "reason": "by letter", "by": "Ada", "until": "{{until}}" }""";
}
