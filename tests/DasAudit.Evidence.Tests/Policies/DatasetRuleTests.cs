using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;
using DasAudit.Evidence.Policies;

namespace DasAudit.Evidence.Tests.Policies;

public class DatasetRuleTests
{
    private static readonly TrainingSet Set = new("/data/photos", [Item(0, "a.png"), Item(1, "b.png")], [], _ => null!);

    private static readonly Finding[] Findings =
    [
        Found("contradictory-copies", "a.png", "b.png"),
        Found("contradictory-file-holder", "a.png"),
        Found("contradictory-file-holder", "a.png"),
        Found("no-license", "b.png"),
        Found("unlisted", "c.png"),
        Found("no-rights-holder", "a.png"),
        Found("opt-out", "a.png"),
        Found("use-conditions", "b.png"),
    ];

    [Theory]
    [InlineData("""{ "rule": "dataset-license" }""", "b.png c.png")]
    [InlineData("""{ "rule": "dataset-contradiction" }""", "a.png a.png b.png")]
    [InlineData("""{ "rule": "dataset-opt-out" }""", "a.png")]
    [InlineData("""{ "rule": "dataset-opt-out", "conditions": true }""", "a.png b.png")]
    public void Findings_of_a_check_hit_the_rules_on_datasets(string rule, string expected)
    {
        var findings = Ask(rule);

        Assert.Equal(expected, string.Join(' ', findings.Select(finding => finding.Subject.Item)));
        Assert.Equal(findings.Count, findings.Select(finding => finding.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void A_finding_stands_at_the_picture_s_file_and_knows_its_hashes()
    {
        var subject = Assert.Single(Ask("""{ "rule": "dataset-opt-out" }""")).Subject;

        Assert.Equal("photos/a.png", subject.File);
        Assert.Equal(Item(0, "a.png").PixelSha256, subject.ItemPixelSha256);
        Assert.Equal("Ann", subject.Holder);
    }

    private static IReadOnlyList<PolicyFinding> Ask(string rule)
    {
        var check = new PolicyCheck(TestPolicies.Of(rule), TestPolicies.Now);
        check.Add(new CheckedDataset("photos/", Set, Findings));
        return check.Outcome().Findings;
    }

    private static Finding Found(string kind, params string[] pictures) =>
        new(kind, Severity.Warning, $"pictures with {kind}", [new(pictures, null)]);

    private static TrainingItem Item(int index, string path) =>
        new()
        {
            Index = index,
            Path = path,
            Sha256 = SampleReport.Sha256(path),
            PixelSha256 = SampleReport.Sha256($"pixels of {path}"),
            Width = 1,
            Height = 1,
            Metadata = new() { Rights = new() { RightsHolder = "Ann" } },
        };
}
