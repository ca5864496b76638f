using DasAudit.Core.Pictures.Statements;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Policies;

namespace DasAudit.Evidence.Tests.Policies;

public class PolicyRuleTests
{
    private static readonly AuditReport Report = WithLicenses(
        ("MIT", 4, EvidenceStrength.Strong),
        ("CC-BY-NC-4.0", 3, EvidenceStrength.Moderate),
        ("CC-BY-NC-4.0 OR MIT", 2, EvidenceStrength.Weak),
        (null, 1, EvidenceStrength.NotEstablished),
        ("CC-BY-NC-4.0", 0, EvidenceStrength.NotEstablished)
    );

    [Theory]
    [InlineData("", "1,3")]
    [InlineData(""", "above": 1""", "1")]
    [InlineData(""", "above": 3""", "")]
    [InlineData(""", "abovePart": "75%" """, "")]
    [InlineData(""", "abovePart": 0.74""", "1")]
    public void Licences_that_are_not_allowed_hit(string further, string expected)
    {
        var policy = TestPolicies.Of($$"""{ "rule": "attribution-license", "licenses": ["MIT"]{{further}} }""");

        var findings = TestPolicies.Ask(policy, TestPolicies.Stored(Report));

        var hit = findings.Select(finding => Index(finding.Subject.Item!));
        Assert.Equal(expected, string.Join(',', hit));
        Assert.All(findings, finding => Assert.Equal(PolicySeverity.Error, finding.Severity));
    }

    [Fact]
    public void A_finding_says_what_is_wrong_and_what_to_do()
    {
        var policy = TestPolicies.Of("""{ "rule": "attribution-license", "licenses": ["MIT", "0BSD"], "above": 2 }""");

        var finding = Assert.Single(TestPolicies.Ask(policy, TestPolicies.Stored(Report)));

        Assert.Equal(
            $"Report {Report.Id} owes the picture to '{Report.Attributions[1].Item}' (rank 2, score 3, by "
                + $"{Report.Attributions[1].RightsHolder}), which is under 'CC-BY-NC-4.0'; allowed above a score of 2 "
                + $"are MIT, 0BSD. {RuleCatalog.AttributionLicense.Remedy}",
            finding.Message
        );
        Assert.Equal(Report.Query.Path, finding.Subject.File);
        Assert.Equal(Report.Query.PixelSha256, finding.Subject.PixelSha256);
    }

    [Theory]
    [InlineData("weak", PolicySeverity.Error)]
    [InlineData("moderate", PolicySeverity.Error)]
    [InlineData("strong", PolicySeverity.Note)]
    public void Weaker_evidence_than_the_policy_asks_for_fails_nothing(string minimum, object expected)
    {
        var policy = TestPolicies.Of(
            """{ "rule": "attribution-license", "licenses": ["MIT"], "above": 2 }""",
            further: $$""" "minimumEvidence": "{{minimum}}", """
        );

        var finding = Assert.Single(TestPolicies.Ask(policy, TestPolicies.Stored(Report)));

        Assert.Equal(expected, finding.Severity);
        Assert.Equal(
            finding.Severity == PolicySeverity.Note,
            finding.Message.Contains("Its evidence is 'moderate'", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Shares_above_the_limit_hit()
    {
        var shares = Report with { Groups = [new("Ann", 0.5, 0.4, 0.6, 3), new("Bob", 0.2, 0.1, 0.3, 2)] };

        Assert.Equal(["Ann"], Holders("""{ "rule": "holder-share", "above": 0.2 }"""));
        Assert.Equal(["Ann", "Bob"], Holders("""{ "rule": "holder-share", "above": "19.9%" }"""));
        Assert.Equal(["Bob"], Holders("""{ "rule": "holder-share", "above": 0, "holders": ["BOB"] }"""));
        Assert.Empty(Holders("""{ "rule": "holder-share", "above": 0.6 }"""));

        IEnumerable<string?> Holders(string rule) =>
            TestPolicies
                .Ask(TestPolicies.Of(rule), TestPolicies.Stored(shares))
                .Select(finding => finding.Subject.Holder);
    }

    [Theory]
    [InlineData("Ann", PolicySeverity.Error)]
    [InlineData("Nobody listed", PolicySeverity.Note)]
    public void A_share_is_as_well_evidenced_as_its_holder_s_pictures(string holder, object expected)
    {
        var picture = Report.Attributions[1] with { RightsHolder = "ann" };
        var shares = Report with { Groups = [new(holder, 0.5, null, null, 3)], Attributions = [picture] };
        var policy = TestPolicies.Of("""{ "rule": "holder-share", "above": 0.2, "minimumEvidence": "moderate" }""");

        Assert.Equal(expected, Assert.Single(TestPolicies.Ask(policy, TestPolicies.Stored(shares))).Severity);
    }

    [Fact]
    public void Shares_by_something_else_than_rights_holders_hit()
    {
        var policy = TestPolicies.Of("""{ "rule": "holder-share", "above": 0.2 }""");

        var finding = Assert.Single(
            TestPolicies.Ask(policy, TestPolicies.Stored(Report with { GroupedBy = "license" }))
        );

        Assert.Contains("has shares by license", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opt_outs_of_pictures_with_influence_hit()
    {
        UseSignal signal = new()
        {
            Kind = "plus:DataMining",
            Stance = SignalStance.OptOut,
            Value = "DMI-PROHIBITED",
            Says = "data mining is prohibited",
            Place = "XMP plus:DataMining",
        };
        var report = Report with
        {
            Rights = new([
                new(1, Report.Attributions[0].Item, SignalStance.OptOut, [signal]),
                new(5, Report.Attributions[4].Item, SignalStance.OptOut, [signal]),
                new(2, Report.Attributions[1].Item, SignalStance.Conditions, [signal]),
            ]),
        };

        Assert.Equal([0], Hit("""{ "rule": "attribution-opt-out" }"""));
        Assert.Equal([0, 1], Hit("""{ "rule": "attribution-opt-out", "conditions": true }"""));
        Assert.Empty(
            TestPolicies.Ask(TestPolicies.Of("""{ "rule": "attribution-opt-out" }"""), TestPolicies.Stored(Report))
        );

        IEnumerable<int> Hit(string rule) =>
            TestPolicies
                .Ask(TestPolicies.Of(rule), TestPolicies.Stored(report))
                .Select(finding => Index(finding.Subject.Item!));
    }

    [Fact]
    public void A_report_on_other_weights_or_of_an_unknown_model_hits()
    {
        var policy = TestPolicies.Of("""{ "rule": "report-current" }""");
        var stored = TestPolicies.Stored(Report);
        var missing = new CheckedModel("unet", null) { Problem = "There is no model at 'unet'." };

        Assert.Empty(TestPolicies.Ask(policy, stored));
        Assert.Empty(TestPolicies.Ask(policy, stored with { Model = new("unet", Report.Model.WeightsSha256) }));
        Assert.Contains(
            "is about other weights",
            Assert.Single(TestPolicies.Ask(policy, stored with { Model = new("unet", new string('0', 64)) })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "There is no model at 'unet'.",
            Assert.Single(TestPolicies.Ask(policy, stored with { Model = missing })).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_report_that_cannot_be_believed_hits()
    {
        var policy = TestPolicies.Of("""{ "rule": "report-verified" }""");
        var stored = TestPolicies.Stored(Report);

        Assert.Empty(TestPolicies.Ask(policy, stored));
        Assert.Single(TestPolicies.Ask(policy, stored with { Custody = ReportCustody.File }));
        var altered = stored with { Custody = ReportCustody.Bundle, Problem = "parts: it was altered" };
        Assert.Contains(
            "parts: it was altered",
            Assert.Single(TestPolicies.Ask(policy, altered)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "", 1)]
    [InlineData("", "recall", 0)]
    [InlineData(""", "evaluations": ["lds", "recall"] """, "recall", 1)]
    [InlineData(""", "evaluations": ["lds"] """, "recall,lds", 0)]
    public void A_model_that_nobody_evaluated_hits(string further, string stored, int expected)
    {
        var check = new PolicyCheck(
            TestPolicies.Of($$"""{ "rule": "model-evaluated"{{further}} }"""),
            TestPolicies.Now
        );

        check.Add(
            new CheckedModel("unet", "0") { Evaluations = stored.Split(',', StringSplitOptions.RemoveEmptyEntries) }
        );

        Assert.Equal(expected, check.Outcome().Findings.Count);
    }

    [Fact]
    public void A_picture_without_a_report_hits()
    {
        var check = new PolicyCheck(TestPolicies.Of("""{ "rule": "picture-report" }"""), TestPolicies.Now);

        check.Add(new CheckedPicture("a.png", "1", "2", HasReport: true));
        check.Add(new CheckedPicture("b.png", "3", "4", HasReport: false));

        Assert.Equal("b.png", Assert.Single(check.Outcome().Findings).Subject.File);
        Assert.Equal(2, check.Outcome().Counts.Pictures);
    }

    internal static AuditReport WithLicenses(params (string? License, double Score, EvidenceStrength Word)[] pictures)
    {
        var report = SampleReport.Create(attributions: pictures.Length).Report;
        return report with
        {
            Attributions =
            [
                .. report.Attributions.Zip(
                    pictures,
                    (picture, said) =>
                        picture with
                        {
                            License = said.License,
                            Score = said.Score,
                            Strength = said.Word,
                            PixelSha256 = SampleReport.Sha256($"pixels of {picture.Item}"),
                        }
                ),
            ],
        };
    }

    private static int Index(string item) => Report.Attributions.ToList().FindIndex(picture => picture.Item == item);
}
