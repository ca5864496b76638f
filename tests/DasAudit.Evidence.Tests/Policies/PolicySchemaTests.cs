using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Evidence.Policies;
using DasAudit.Evidence.Policies.Reading;
using Json.Schema;

namespace DasAudit.Evidence.Tests.Policies;

/// <summary>docs/policy.schema.json, asked by another's validator, and compared with what the tool reads.</summary>
public class PolicySchemaTests
{
    private static readonly JsonDocumentOptions WithComments = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private static readonly JsonSchema Schema = JsonSchema.FromText(NewPolicy.Schema());

    [Fact]
    public void The_policy_to_begin_with_meets_it() => Assert.True(Meets(NewPolicy.Text()));

    [Fact]
    public void The_examples_of_all_rules_meet_it() =>
        Assert.All(RuleCatalog.All, rule => Assert.True(Meets(WithRule(rule.Example)), rule.Name));

    [Fact]
    public void It_has_the_rules_and_members_that_are_read()
    {
        var rules = JsonNode.Parse(NewPolicy.Schema())!["$defs"]!["rule"]!["oneOf"]!.AsArray();

        Assert.Equal(
            RuleCatalog.All.Select(rule => $"{rule.Id} {rule.Name}"),
            rules.Select(rule => (string?)rule!["title"])
        );
        foreach (var (rule, described) in RuleCatalog.All.Zip(rules))
        {
            Assert.Equal(
                ["rule", "severity", .. rule.Members.Select(member => member.Name)],
                described!["properties"]!.AsObject().Select(member => member.Key)
            );
            Assert.Equal($"{rule.Id}: {rule.Title}", (string?)described["properties"]!["rule"]!["description"]);
        }
    }

    [Fact]
    public void What_is_refused_when_read_does_not_meet_it()
    {
        // What one rule alone cannot show, and lists of names, are beyond a schema.
        string[] beyond = ["and rules[0]", "is a second rule", "is wrong:"];
        foreach (var row in PolicyReaderTests.Wrong())
        {
            var (rules, message) = row.Data;
            if (!beyond.Any(part => message.Contains(part, StringComparison.Ordinal)))
                Assert.False(Meets(WithRule(rules)), rules);
        }
    }

    [Theory]
    [InlineData("""{ "version": 2, "rules": [{ "rule": "dataset-license" }] }""")]
    [InlineData("""{ "version": 1, "rules": [] }""")]
    [InlineData("""{ "rules": [{ "rule": "dataset-license" }] }""")]
    [InlineData("""{ "version": 1, "rules": [{ "rule": "dataset-license" }], "waivers": [{ "rule": "DAS0004" }] }""")]
    public void What_is_no_policy_does_not(string json) => Assert.False(Meets(json));

    private static string WithRule(string rule) => $$"""{ "version": 1, "rules": [{{rule}}] }""";

    private static bool Meets(string json)
    {
        using var document = JsonDocument.Parse(json, WithComments);
        return Schema.Evaluate(document.RootElement).IsValid;
    }
}
