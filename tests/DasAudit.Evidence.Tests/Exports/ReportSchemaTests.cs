using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DasAudit.Core.Reports;
using Json.Schema;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>docs/report.schema.json, asked by a validator of another hand.</summary>
public partial class ReportSchemaTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Exports");

    private static readonly JsonSchema Schema = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(Folder, "report.schema.json"))
    );

    /// <summary>Renewed as <see cref="Expected"/> is.</summary>
    [Fact]
    public void The_schema_is_that_of_the_types_that_write_reports()
    {
        if (Environment.GetEnvironmentVariable("DASAUDIT_RENEW_EXPECTED") == "1")
            File.WriteAllText(InDocs(), ReportSchema.Make());
        else
            Assert.Equal(File.ReadAllText(Path.Combine(Folder, "report.schema.json")), ReportSchema.Make());
    }

    public static TheoryData<string> Audits() =>
        [
            .. Directory
                .GetFiles(Path.Combine(Folder, "Audits"), "*.json")
                .Select(path => Path.GetFileNameWithoutExtension(path)),
        ];

    [Theory]
    [MemberData(nameof(Audits))]
    public void Reports_of_real_audits_meet_it(string name)
    {
        // Seconds, which differ from run to run, stand as a bare word there.
        var text = File.ReadAllText(Path.Combine(Folder, "Audits", name + ".json"));
        var document = JsonNode.Parse(BareWord().Replace(text, ": 0"))!;
        foreach (var report in document["items"]?.AsArray() ?? [document])
            AssertMeets(report!.DeepClone());
    }

    [Fact]
    public void Reports_with_and_without_what_may_be_left_out_meet_it()
    {
        foreach (
            var report in new[]
            {
                SampleReport.Create(),
                SampleReport.Sparse(),
                SampleReport.WithEvidence(),
                SampleReport.WithCurve(),
                SampleReport.WithEveryText("ä\u0000<\u202e"),
            }
        )
            AssertMeets(Node(report));
    }

    public static TheoryData<string, string?> Mistakes() =>
        new()
        {
            { "schema", "\"das-audit/report/2\"" },
            { "schema", null },
            { "id", "7" },
            { "query", null },
            { "query", "{}" },
            { "attributions", "[{}]" },
            { "attributions", "{}" },
            { "groups", """[{"key": "a", "share": 1.5, "low": null, "high": null, "items": 1}]""" },
            { "groups", """[{"key": "a", "share": "0.5", "low": null, "high": null, "items": 1}]""" },
            { "limits", "[1]" },
            { "timings", """{"scores": "long"}""" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_is_no_report_does_not(string member, string? value)
    {
        var report = Node(SampleReport.Create()).AsObject();
        if (value is null)
            report.Remove(member);
        else
            report[member] = JsonNode.Parse(value);

        Assert.False(Meets(report));
    }

    [Fact]
    public void A_word_that_is_none_does_not()
    {
        var report = Node(SampleReport.WithEvidence());
        report["attributions"]![0]!["strength"] = "certain";

        Assert.False(Meets(report));
    }

    [Fact]
    public void Members_of_later_versions_are_allowed()
    {
        var report = Node(SampleReport.Create());
        report["later"] = 1;
        report["query"]!["later"] = 1;

        AssertMeets(report);
    }

    private static JsonNode Node(StoredReport report) => JsonNode.Parse(ReportJson.Serialize(report.Report))!;

    private static bool Meets(JsonNode report) => Evaluate(report, OutputFormat.Flag).IsValid;

    private static void AssertMeets(JsonNode report)
    {
        var result = Evaluate(report, OutputFormat.List);
        var errors = result.Details?.Where(detail => detail.Errors is { Count: > 0 }) ?? [];
        Assert.True(
            result.IsValid,
            string.Join("; ", errors.Select(e => $"{e.InstanceLocation}: {string.Join(", ", e.Errors!.Values)}"))
        );
    }

    private static EvaluationResults Evaluate(JsonNode report, OutputFormat format) =>
        Schema.Evaluate(
            System.Text.Json.JsonSerializer.SerializeToElement(report),
            new EvaluationOptions { OutputFormat = format }
        );

    private static string InDocs([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "../../../docs/report.schema.json"));

    [GeneratedRegex(@": \(\w+\)")]
    private static partial Regex BareWord();
}
