using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Formats;
using Json.Schema;

namespace DasAudit.Evidence.Tests.Policies;

public class PolicyFormatTests
{
    private static readonly string Schemas = Path.Combine(AppContext.BaseDirectory, "Policies", "Schemas");

    // sarif-2.1.0.json of the npm package @microsoft/sarif-multitool-linux 5.7.0, packed.
    private static readonly Lazy<JsonSchema> Sarif = new(() =>
    {
        using var file = File.OpenRead(Path.Combine(Schemas, "sarif-2.1.0.json.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return JsonSchema.FromText(text.ReadToEnd());
    });

    private static readonly AuditReport Report = PolicyRuleTests.WithLicenses(
        ("0BSD", 4, EvidenceStrength.Strong),
        (null, 3, EvidenceStrength.Weak)
    );

    private static readonly SarifFormat SarifFormat = new(new("1.2.3", "0123abcd"));

    [Fact]
    public void Sarif_meets_the_standard_s_schema()
    {
        foreach (var outcome in new[] { Outcome(Report), Outcome(Report with { Attributions = [] }), Awkward() })
            AssertMeets(Written(SarifFormat, outcome));
    }

    [Fact]
    public void What_is_no_sarif_does_not()
    {
        var log = JsonNode.Parse(Written(SarifFormat, Outcome(Report)))!;
        log["runs"]![0]!["results"]![0]!["level"] = "fatal";

        Assert.False(Sarif.Value.Evaluate(JsonSerializer.SerializeToElement(log)).IsValid);
    }

    [Fact]
    public void Sarif_has_rules_results_and_suppressions()
    {
        var run = JsonNode.Parse(Written(SarifFormat, Outcome(Report)))!["runs"]![0]!;

        var rules = run["tool"]!["driver"]!["rules"]!.AsArray();
        Assert.Equal(RuleCatalog.All.Select(rule => rule.Id), rules.Select(rule => (string?)rule!["id"]));
        var results = run["results"]!.AsArray();
        Assert.Equal(["DAS0001", "DAS0001", "DAS0011"], results.Select(result => (string?)result!["ruleId"]));
        Assert.All(
            results,
            result => Assert.Equal((string?)result!["ruleId"], (string?)rules[(int)result["ruleIndex"]!]!["id"])
        );
        Assert.Equal([0, 1, 0], results.Select(result => result!["suppressions"]!.AsArray().Count));
        Assert.Equal("Ada until 2027-01-31: by letter", (string?)results[1]!["suppressions"]![0]!["justification"]);
        Assert.Equal("generated/0.png", (string?)Place(results[0]!)["artifactLocation"]!["uri"]);
        Assert.Equal("das-audit.policy.json", (string?)Place(results[2]!)["artifactLocation"]!["uri"]);
    }

    [Fact]
    public void Sarif_holds_each_picture_once_and_attaches_it_to_what_is_about_it()
    {
        byte[] query = [1, 2, 3];
        byte[] training = [4, 5];
        var thumbnails = new Dictionary<string, byte[]>
        {
            [Report.Query.Sha256] = query,
            [Report.Attributions[0].Sha256] = training,
        };
        var pictures = new FindingPictures([new(Report, thumbnails)]);
        var text = Written(SarifFormat, Outcome(Report) with { Pictures = pictures });

        AssertMeets(text);
        var run = JsonNode.Parse(text)!["runs"]![0]!;
        var artifacts = run["artifacts"]!
            .AsArray()
            .Select(picture => (string?)picture!["contents"]!["binary"])
            .ToList();
        Assert.Equal([Convert.ToBase64String(query), Convert.ToBase64String(training)], artifacts);
        Assert.Equal(["0,1", "0", ""], run["results"]!.AsArray().Select(result => string.Join(',', Attached(result!))));

        static IEnumerable<int> Attached(JsonNode result) =>
            (result["attachments"]?.AsArray() ?? []).Select(picture => (int)picture!["artifactLocation"]!["index"]!);
    }

    [Fact]
    public void Fingerprints_survive_a_rename_and_tell_findings_apart()
    {
        var renamed = Report with
        {
            Id = SampleReport.Id(7),
            Query = Report.Query with { Path = "other/name.webp", Sha256 = SampleReport.Sha256("encoded anew") },
            Attributions =
            [
                .. Report.Attributions.Select(picture => picture with { Item = $"moved/{picture.Rank}.webp" }),
            ],
        };
        var others = Report with { Query = Report.Query with { PixelSha256 = SampleReport.Sha256("other pixels") } };

        Assert.Equal(Fingerprints(Report), Fingerprints(renamed));
        Assert.Equal(2, Fingerprints(Report).Intersect(Fingerprints(Report)).Count());
        Assert.Empty(Fingerprints(Report).Intersect(Fingerprints(others)));

        static List<string> Fingerprints(AuditReport report) =>
            [
                .. JsonNode.Parse(Written(SarifFormat, Outcome(report)))!["runs"]![0]!["results"]!
                    .AsArray()
                    .Where(result => (string?)result!["ruleId"] == "DAS0001")
                    .Select(result => (string)result!["partialFingerprints"]!["dasAuditFinding/v1"]!),
            ];
    }

    [Fact]
    public void Junit_meets_the_schema_of_jenkins()
    {
        var schemas = new XmlSchemaSet();
        schemas.Add(null, Path.Combine(Schemas, "jenkins-junit.xsd"));
        foreach (var outcome in new[] { Outcome(Report), Outcome(Report with { Attributions = [] }), Awkward() })
            XDocument.Parse(Written(new JUnitFormat(), outcome)).Validate(schemas, (_, e) => Assert.Fail(e.Message));
    }

    [Fact]
    public void Junit_counts_failures_and_skips()
    {
        var suites = XDocument.Parse(Written(new JUnitFormat(), Outcome(Report))).Root!.Elements().ToList();

        Assert.Equal(
            ["DAS0001 attribution-license", "DAS0004 dataset-license", "DAS0011 waiver-expired"],
            suites.Select(s => (string?)s.Attribute("name"))
        );
        Assert.Equal(["2", "1", "1"], suites.Select(s => (string?)s.Attribute("tests")));
        Assert.Equal(["1", "0", "0"], suites.Select(s => (string?)s.Attribute("failures")));
        Assert.Equal(["1", "0", "0"], suites.Select(s => (string?)s.Attribute("skipped")));
        Assert.Single(suites[0].Descendants("failure"));
        Assert.Single(suites[2].Descendants("system-out"));
    }

    [Fact]
    public void Msbuild_gets_canonical_diagnostics()
    {
        var lines = Lines(new MsBuildFormat(), Outcome(Report));

        Assert.Equal(2, lines.Count);
        Assert.StartsWith("generated/0.png(1,1): error DAS0001: Report ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "das-audit.policy.json(2,1): warning DAS0011: The waiver ",
            lines[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Github_gets_annotations()
    {
        var lines = Lines(new GitHubFormat(), Outcome(Report));

        Assert.StartsWith(
            "::error file=generated/0.png,line=1,col=1,title=DAS0001 attribution-license::Report ",
            lines[0],
            StringComparison.Ordinal
        );
        Assert.StartsWith("::warning file=das-audit.policy.json,line=2,col=1,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_of_a_file_makes_a_line_or_a_command()
    {
        var (msbuild, github) = (Lines(new MsBuildFormat(), Awkward()), Lines(new GitHubFormat(), Awkward()));

        Assert.Equal(2, msbuild.Count);
        Assert.Equal(2, github.Count);
        Assert.All(github, line => Assert.StartsWith("::error file=", line, StringComparison.Ordinal));
        Assert.Contains("a%2Cb%3A%25", github[0], StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', msbuild[0] + github[0]);
    }

    [Fact]
    public void Of_many_findings_of_a_rule_some_lines_are_written()
    {
        var many = PolicyRuleTests.WithLicenses([.. Enumerable.Repeat(("0BSD", 1.0, EvidenceStrength.Weak), 70)]);
        var check = new PolicyCheck(
            TestPolicies.Of("""{ "rule": "DAS0001", "licenses": ["MIT"] }"""),
            TestPolicies.Now
        );
        check.Add(TestPolicies.Stored(many));

        var lines = Lines(new MsBuildFormat(), check.Outcome());

        Assert.Equal(51, lines.Count);
        Assert.StartsWith("das-audit.policy.json(1,1): error DAS0001: 20 more ", lines[^1], StringComparison.Ordinal);
    }

    private static PolicyOutcome Outcome(AuditReport report)
    {
        const string rules =
            """{ "rule": "attribution-license", "licenses": ["MIT"] }, { "rule": "dataset-license" }""";
        var item = Report.Attributions[1].PixelSha256;
        var waivers = $$"""
            {{""}}
            { "rule": "DAS0001", "item": "x", "reason": "old", "by": "Ann", "until": "2026-01-01" },
            { "rule": "DAS0001", "item": "{{item}}", "reason": "by letter", "by": "Ada", "until": "2027-01-31" }
            """;
        var check = new PolicyCheck(TestPolicies.Of(rules, waivers), TestPolicies.Now);
        check.Add(TestPolicies.Stored(report));
        return check.Outcome();
    }

    // Every text that can come from a file or a person is one that would do harm.
    private static PolicyOutcome Awkward()
    {
        const string text = "a,b:%\n::error::x\u202e\u0007]]></testsuite>&'\"ä";
        var report = Report with
        {
            Query = Report.Query with { Path = text },
            Attributions =
            [
                .. Report.Attributions.Select(picture =>
                    picture with
                    {
                        Item = text,
                        RightsHolder = text,
                        License = text,
                        PixelSha256 = null,
                    }
                ),
            ],
        };
        var check = new PolicyCheck(
            TestPolicies.Of("""{ "rule": "DAS0001", "licenses": ["MIT"] }"""),
            TestPolicies.Now
        );
        check.Add(TestPolicies.Stored(report));
        return check.Outcome();
    }

    private static JsonNode Place(JsonNode result) => result["locations"]![0]!["physicalLocation"]!;

    private static List<string> Lines(IPolicyFormat format, PolicyOutcome outcome) =>
        [.. Written(format, outcome).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Written(IPolicyFormat format, PolicyOutcome outcome)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        format.Write(outcome, writer);
        return writer.ToString();
    }

    private static void AssertMeets(string log)
    {
        using var document = JsonDocument.Parse(log);
        var result = Sarif.Value.Evaluate(
            document.RootElement,
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        var errors = result.Details?.Where(detail => detail.Errors is { Count: > 0 }) ?? [];
        Assert.True(
            result.IsValid,
            string.Join("; ", errors.Select(e => $"{e.InstanceLocation}: {string.Join(", ", e.Errors!.Values)}"))
        );
    }
}
