using DasAudit.Abstractions;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Reading;
using DasAudit.Evidence.Policies.Rules;

namespace DasAudit.Evidence.Tests.Policies;

public class PolicyReaderTests
{
    private const string Waiver =
        """ "rule": "DAS0001", "item": "a.png", "reason": "r", "by": "Ada", "until": "2027-01-31" """;

    public static TheoryData<string, string> Wrong() =>
        new()
        {
            { """{ "rule": "atribution-license" }""", "rules[0].rule is 'atribution-license', which is no rule" },
            { """{ "severity": "error" }""", "rules[0] has no 'rule'" },
            { """7""", "rules[0] must be an object" },
            {
                """{ "rule": "holder-share", "above": 1.2 }""",
                "rules[0].above is 1.2, but no share is above 100 %, so the rule can never be hit"
            },
            {
                """{ "rule": "holder-share", "above": "120%" }""",
                "rules[0].above is 120%, but no share is above 100 %"
            },
            { """{ "rule": "holder-share", "above": 1 }""", "rules[0].above is 1, but no share is above that" },
            { """{ "rule": "holder-share", "above": -0.1 }""", "rules[0].above is -0.1; write a number from 0 to 1" },
            { """{ "rule": "holder-share", "above": "much" }""", "rules[0].above is much; write a number" },
            { """{ "rule": "holder-share" }""", "rules[0] has no 'above'" },
            {
                """{ "rule": "holder-share", "above": 0.2, "holders": [] }""",
                "rules[0].holders is an empty list, so the rule can never be hit"
            },
            {
                """{ "rule": "holder-share", "above": 0.2, "holders": ["Ann", " "] }""",
                "rules[0].holders[1] must be a text that is not empty"
            },
            {
                """{ "rule": "dataset-license", "above": 1 }""",
                "rules[0].above is no member of the rule dataset-license"
            },
            { """{ "rule": "dataset-license", "severity": "fatal" }""", "rules[0].severity is 'fatal'; write error" },
            {
                """{ "rule": "attribution-license", "licenses": [] }""",
                "rules[0].licenses is an empty list, so no picture can keep the rule"
            },
            { """{ "rule": "attribution-license" }""", "rules[0] has no 'licenses'" },
            {
                """{ "rule": "attribution-license", "licenses": ["MIT", "CC BY 4.0"] }""",
                "rules[0].licenses[1] is wrong: 'CC BY 4.0' is no licence of SPDX's list 3.28; write CC-BY-4.0"
            },
            {
                """{ "rule": "attribution-license", "licenses": ["MIT OR 0BSD"] }""",
                "rules[0].licenses[0] is wrong: 'MIT OR 0BSD' joins several licences"
            },
            { """{ "rule": "attribution-license", "licenses": ["MIT"], "above": -1 }""", "rules[0].above is below 0" },
            {
                """{ "rule": "attribution-license", "licenses": ["MIT"], "above": 1, "abovePart": 0.1 }""",
                "rules[0] has both 'above' and 'abovePart'"
            },
            {
                """{ "rule": "attribution-license", "licenses": ["MIT"], "minimumEvidence": "certain" }""",
                "rules[0].minimumEvidence is 'certain'; write weak, moderate, strong"
            },
            {
                """{ "rule": "dataset-license" }, { "rule": "DAS0004", "severity": "note" }""",
                "rules[1] and rules[0] are both the rule dataset-license"
            },
            {
                """
                    { "rule": "holder-share", "above": 0.2, "holders": ["Ann", "Bob"] },
                    { "rule": "holder-share", "above": 0.3, "holders": ["bob"] }
                    """,
                "rules[1] and rules[0] are both the rule holder-share"
            },
            {
                """
                    { "rule": "attribution-license", "licenses": ["MIT"], "above": 0.5 },
                    { "rule": "attribution-license", "licenses": ["0BSD"], "above": 0.5 }
                    """,
                "rules[1] and rules[0] are both the rule attribution-license"
            },
            {
                """{ "rule": "waiver-expired" }, { "rule": "DAS0011", "severity": "error" }""",
                "rules[1] is a second rule waiver-expired"
            },
            { """{ "rule": "picture-report", "pictures": [] }""", "rules[0].pictures is an empty list" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_rule_is_named_with_its_place(string rules, string message) =>
        AssertWrong($$"""{ "version": 1, "rules": [{{rules}}] }""", message);

    public static TheoryData<string, string> WrongWaivers() =>
        new()
        {
            { Waiver.Replace("2027-01-31", "2027-02-30"), "waivers[0].until is '2027-02-30', which is no day" },
            { Waiver.Replace("2027-01-31", "31.1.2027"), "waivers[0].until is '31.1.2027', which is no day" },
            { Waiver.Replace("\"Ada\"", "\"\""), "waivers[0].by is empty" },
            { Waiver.Replace("\"by\": \"Ada\",", ""), "waivers[0] has no 'by'; name the person" },
            { Waiver.Replace("\"reason\": \"r\",", ""), "waivers[0] has no 'reason'" },
            { Waiver.Replace("\"item\": \"a.png\",", ""), "waivers[0] would waive the whole rule" },
            { Waiver.Replace("\"item\"", "\"itme\""), "waivers[0].itme is no member of a waiver" },
            { Waiver.Replace("DAS0001", "DAS9999"), "waivers[0].rule is 'DAS9999', which is no rule" },
            { Waiver.Replace("DAS0001", "DAS0011"), "waivers[0].rule is one that nothing can waive" },
        };

    [Theory]
    [MemberData(nameof(WrongWaivers))]
    public void A_wrong_waiver_is_named_with_its_place(string waiver, string message) =>
        AssertWrong(
            $$"""{ "version": 1, "rules": [{ "rule": "dataset-license" }], "waivers": [{ {{waiver}} }] }""",
            message
        );

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("{", "is no correct JSON at line 1")]
    [InlineData("{ \"version\": 1,\n \"rules\": [{ \"rule\": \"\\ud800\" }] }", "is no correct JSON at line 2")]
    [InlineData("{ \"version\": 1,\n\n \"rules\": [}", "is no correct JSON at line 3")]
    [InlineData("""{ "version": 1, "version": 1 }""", "is no correct JSON: a member stands twice")]
    [InlineData("""{ "rules": [] }""", "has no 'version'")]
    [InlineData("""{ "version": 2, "rules": [] }""", "version is 2; this das-audit reads version 1")]
    [InlineData("""{ "version": 1 }""", "has no rules")]
    [InlineData("""{ "version": 1, "rules": 7 }""", "rules must be a list of objects")]
    [InlineData("""{ "version": 1, "rule": [] }""", "rule is no member of a policy")]
    public void A_wrong_policy_is_a_sentence(string json, string message) => AssertWrong(json, message);

    [Fact]
    public void The_policy_to_begin_with_is_read()
    {
        var policy = TestPolicies.Read(NewPolicy.Text());

        Assert.Equal(10, policy.Rules.Count);
        Assert.Equal(["assets/**/*.png"], policy.Pictures);
        Assert.Equal(EvidenceStrength.Moderate, policy.Rules.OfType<HolderShareRule>().Single().MinimumEvidence);
        Assert.Null(policy.Rules.OfType<PictureReportRule>().Single().MinimumEvidence);
    }

    [Fact]
    public void The_example_of_every_rule_is_read()
    {
        foreach (var rule in RuleCatalog.All.Where(rule => rule != RuleCatalog.WaiverExpired))
            Assert.Equal(rule, Assert.Single(TestPolicies.Of(rule.Example).Rules).Description);
        var expired = TestPolicies.Of($$"""{ "rule": "dataset-license" }, {{RuleCatalog.WaiverExpired.Example}}""");
        Assert.Equal(PolicySeverity.Error, expired.ExpiredWaivers);
    }

    [Fact]
    public void A_rule_may_say_more_than_the_policy()
    {
        var policy = TestPolicies.Of(
            """
            { "rule": "attribution-opt-out", "minimumEvidence": "strong", "severity": "warning" },
            { "rule": "holder-share", "above": "12.5 %" }
            """,
            further: """ "minimumEvidence": "weak", """
        );

        Assert.Equal(EvidenceStrength.Strong, policy.Rules[0].MinimumEvidence);
        Assert.Equal(PolicySeverity.Warning, policy.Rules[0].Severity);
        Assert.Equal(EvidenceStrength.Weak, policy.Rules[1].MinimumEvidence);
        Assert.Equal(0.125, Assert.IsType<HolderShareRule>(policy.Rules[1]).Above);
    }

    [Fact]
    public void A_waiver_knows_its_line()
    {
        var policy = TestPolicies.Read(
            $$"""
            {
              // a comment, ä
              "version": 1,
              "rules": [ { "rule": "DAS0001", "licenses": ["MIT"] } ],
              "waivers": [
                { {{Waiver}} },
                /* ä */ { {{Waiver}} },
              ],
            }
            """
        );

        Assert.Equal([new(6, 5), new(7, 13)], policy.Waivers.Select(waiver => waiver.Position));
    }

    private static void AssertWrong(string json, string message)
    {
        var error = Assert.Throws<AuditException>(() => TestPolicies.Read(json));
        Assert.StartsWith($"The policy '{TestPolicies.File}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }
}
