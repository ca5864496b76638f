using System.Text.Json.Nodes;
using System.Xml.Linq;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DasAudit.Cli.Tests.Commands.Policies;

public sealed class PolicyCommandTests : IDisposable
{
    private const string Strict =
        """{ "version": 1, "rules": [{ "rule": "attribution-license", "licenses": ["LicenseRef-None"] }] }""";

    private readonly Tool _tool = new();

    public PolicyCommandTests() =>
        _tool.Replace = services =>
            services.AddSingleton<TimeProvider>(new FakeTimeProvider(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Two_documents_do_not_fit_on_standard_output()
    {
        var report = Store(SampleReport.Create(attributions: 1));
        _tool.Write("das-audit.policy.json", Strict);

        var outcome = await _tool.RunAsync("policy", "check", report.Id, "--json", "--format", "sarif");

        Assert.Equal((64, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("--json leaves no room for --format", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_report_hits_a_rule_and_with_a_waiver_does_not()
    {
        var report = Store(SampleReport.Create(attributions: 1));
        _tool.Write("das-audit.policy.json", Strict);

        var hit = await _tool.RunAsync("policy", "check", report.Id);
        var json = (await _tool.RunAsync("policy", "check", report.Id, "--json")).Json();

        Assert.Equal(2, hit.ExitCode);
        Assert.StartsWith(
            $"error  DAS0001  {report.Query.Path}: Report {report.Id} owes",
            hit.Out,
            StringComparison.Ordinal
        );
        Assert.Equal("Looked at 1 report: 1 error, 0 warnings, 0 notes.\n", hit.Error);
        Assert.Equal("das-audit/policy-check/1", json.GetProperty("schema").GetString());
        Assert.False(json.GetProperty("passed").GetBoolean());
        Assert.Equal("error", json.GetProperty("findings")[0].GetProperty("severity").GetString());

        const string waiver =
            """{ "rule": "DAS0001", "report": "0", "reason": "r", "by": "Ada", "until": "2026-11-27" }""";
        _tool.Write("das-audit.policy.json", $"{Strict[..^1]}, \"waivers\": [{waiver}] }}");
        var waived = await _tool.RunAsync("policy", "check", report.Id);
        Assert.Equal(0, waived.ExitCode);
        Assert.Contains(
            "Waived by Ada until 2026-11-27: r.",
            waived.Out.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
        Assert.Equal("Looked at 1 report: 0 errors, 0 warnings, 0 notes, 1 waived.\n", waived.Error);
    }

    [Fact]
    public async Task All_stored_reports_or_those_that_meet_a_filter_are_asked_about()
    {
        for (var i = 0; i < 3; i++)
            Store(SampleReport.Create(i, attributions: 1));
        _tool.Write("p.json", Strict);

        var all = (await _tool.RunAsync("policy", "check", "--policy", "p.json", "--query", "all", "--json")).Json();
        var one = (
            await _tool.RunAsync("policy", "check", "--policy", "p.json", "--query", "image=generated/1.png", "--json")
        ).Json();

        Assert.Equal(3, all.GetProperty("looked").GetProperty("reports").GetInt32());
        Assert.Equal(3, all.GetProperty("errors").GetInt32());
        Assert.Equal(1, one.GetProperty("errors").GetInt32());
    }

    [Fact]
    public async Task A_picture_needs_a_report_on_its_pixels()
    {
        Directory.CreateDirectory(Path.Combine(_tool.WorkingDirectory, "assets"));
        SmallWorld.WritePicture(Path.Combine(_tool.WorkingDirectory, "assets", "a.png"), 1);
        SmallWorld.WritePicture(Path.Combine(_tool.WorkingDirectory, "assets", "b.png"), 2);
        _tool.Write(
            "das-audit.policy.json",
            """{ "version": 1, "rules": [{ "rule": "picture-report", "pictures": ["assets/**/*.png"] }] }"""
        );
        var sample = SampleReport.Create(attributions: 1);
        var digest = PictureDigest.Of(Path.Combine(_tool.WorkingDirectory, "assets", "b.png"), "b");
        var query = sample.Report.Query with { Path = "earlier.png", PixelSha256 = digest.PixelSha256 };

        var without = await _tool.RunAsync("policy", "check", "--format", "msbuild", "--quiet");
        Store(sample with { Report = sample.Report with { Query = query } });
        var with = await _tool.RunAsync("policy", "check", "--format", "msbuild", "--quiet");

        Assert.Equal(["assets/a.png(1,1)", "assets/b.png(1,1)"], Places(without));
        Assert.Equal(["assets/a.png(1,1)"], Places(with));
        Assert.Equal(2, with.ExitCode);

        static IEnumerable<string> Places(Outcome outcome) =>
            outcome
                .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(": error DAS0007: ")[0]);
    }

    [Fact]
    public async Task A_damaged_store_hits_the_rule_that_asks_for_verified_reports()
    {
        var report = Store(SampleReport.Create());
        var path = Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");
        var bytes = File.ReadAllBytes(path);
        var place = bytes.AsSpan().IndexOf("attributedParameters"u8);
        bytes[place]++;
        File.WriteAllBytes(path, bytes);
        _tool.Write("das-audit.policy.json", """{ "version": 1, "rules": [{ "rule": "report-verified" }] }""");
        _tool.Write("other.json", """{ "version": 1, "rules": [{ "rule": "holder-share", "above": 0.9 }] }""");

        var hit = await _tool.RunAsync("policy", "check", report.Id);
        var all = await _tool.RunAsync("policy", "check", "--query", "all", "--format", "msbuild", "--quiet");
        var other = await _tool.RunAsync("policy", "check", report.Id, "--policy", "other.json");

        Assert.Equal(2, hit.ExitCode);
        Assert.Contains("DAS0008", hit.Out, StringComparison.Ordinal);
        Assert.Equal(2, all.ExitCode);
        Assert.StartsWith(".das-audit/audits.db(1,1): error DAS0008: ", all.Out, StringComparison.Ordinal);
        Assert.Equal(1, other.ExitCode);
    }

    [Fact]
    public async Task Reports_in_plain_files_are_read_and_hit_the_rule_that_asks_for_verified_ones()
    {
        var json = ReportJson.Serialize(SampleReport.Create(attributions: 1).Report);
        _tool.Write("one.json", json);
        _tool.Write("two.json", $$"""{ "schema": "das-audit/reports/1", "items": [{{json}}, {{json}}] }""");
        _tool.Write("das-audit.policy.json", """{ "version": 1, "rules": [{ "rule": "report-verified" }] }""");

        var outcome = (await _tool.RunAsync("policy", "check", "one.json", "two.json", "--json")).Json();

        Assert.Equal(3, outcome.GetProperty("looked").GetProperty("reports").GetInt32());
        Assert.Equal(3, outcome.GetProperty("errors").GetInt32());
        Assert.Equal(1, (await _tool.RunAsync("policy", "check", "das-audit.policy.json")).ExitCode);
    }

    [Fact]
    public async Task Bundles_are_believed_if_the_policy_s_keys_signed_them()
    {
        var report = Store(SampleReport.Create());
        _tool.Variables["DASAUDIT_PASSPHRASE"] = "correct horse";
        await _tool.RunAsync("keys", "new", "lab");
        File.Copy(
            Path.Combine(_tool.Home, ".das-audit", "keys", "lab.pub.pem"),
            Path.Combine(_tool.WorkingDirectory, "lab.pub.pem")
        );
        await _tool.RunAsync("reports", "bundle", report.Id, "--sign", "lab", "--output", "signed.dasaudit.zip");
        await _tool.RunAsync("reports", "bundle", report.Id, "--output", "unsigned.dasaudit.zip");
        _tool.Write(
            "das-audit.policy.json",
            """{ "version": 1, "rules": [{ "rule": "report-verified", "keys": ["lab.pub.pem"] }] }"""
        );
        _tool.Write(
            "gone.json",
            """{ "version": 1, "rules": [{ "rule": "report-verified", "keys": ["gone.pem"] }] }"""
        );

        Assert.Equal(0, (await _tool.RunAsync("policy", "check", "signed.dasaudit.zip")).ExitCode);
        Assert.Equal(2, (await _tool.RunAsync("policy", "check", "unsigned.dasaudit.zip")).ExitCode);
        var gone = await _tool.RunAsync("policy", "check", "signed.dasaudit.zip", "--policy", "gone.json");
        Assert.Equal(
            new Outcome(1, "", "das-audit: The policy 'gone.json' names the key 'gone.pem', which is not there.\n"),
            gone
        );
    }

    [Fact]
    public async Task Findings_go_to_a_file_for_programs_and_to_people()
    {
        var report = Store(SampleReport.Create(attributions: 1));
        _tool.Write("das-audit.policy.json", Strict);

        foreach (var format in new[] { "sarif", "junit" })
        {
            var outcome = await _tool.RunAsync("policy", "check", report.Id, "--format", format, "--output", "out");
            Assert.StartsWith("error  DAS0001", outcome.Out, StringComparison.Ordinal);
            var text = File.ReadAllText(Path.Combine(_tool.WorkingDirectory, "out"));
            Assert.True(
                format == "sarif" ? JsonNode.Parse(text) is JsonObject : XDocument.Parse(text).Root is not null
            );
        }
    }

    [Fact]
    public async Task Warnings_count_only_where_they_are_taken_for_errors()
    {
        var report = Store(SampleReport.Create(attributions: 1));
        _tool.Write("das-audit.policy.json", """{ "version": 1, "rules": [{ "rule": "model-evaluated" }] }""");

        var warning = await _tool.RunAsync("policy", "check", report.Id, "--format", "msbuild", "--quiet");
        var error = await _tool.RunAsync(
            "policy",
            "check",
            report.Id,
            "--format",
            "msbuild",
            "--quiet",
            "--warnings-as-errors"
        );

        Assert.Equal(0, warning.ExitCode);
        Assert.StartsWith("model(1,1): warning DAS0010: ", warning.Out, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
        Assert.StartsWith("model(1,1): error DAS0010: ", error.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_evaluation_of_the_model_is_enough()
    {
        var report = Store(SampleReport.Create(attributions: 1));
        using (var store = Open())
            store.AddEvaluation(
                SampleEvaluation.Create(SampleReport.Id(50)) with
                {
                    ModelSha256 = report.Model.WeightsSha256,
                }
            );
        _tool.Write(
            "das-audit.policy.json",
            """{ "version": 1, "rules": [{ "rule": "model-evaluated", "evaluations": ["lds"] }] }"""
        );

        Assert.Equal(
            "Looked at 1 report, 1 model: 0 errors, 0 warnings, 0 notes.\n",
            (await _tool.RunAsync("policy", "check", report.Id)).Error
        );
    }

    [Fact]
    public async Task A_report_whose_model_is_gone_is_not_current()
    {
        var report = Store(SampleReport.Create(attributions: 1));
        _tool.Write("das-audit.policy.json", """{ "version": 1, "rules": [{ "rule": "report-current" }] }""");

        var outcome = await _tool.RunAsync("policy", "check", report.Id);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("There is no model at 'model'", outcome.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_is_begun_and_can_be_asked()
    {
        var made = await _tool.RunAsync("policy", "new");
        var again = await _tool.RunAsync("policy", "new");
        var asked = await _tool.RunAsync("policy", "check");

        Assert.Equal(0, made.ExitCode);
        Assert.True(File.Exists(Path.Combine(_tool.WorkingDirectory, "das-audit.policy.schema.json")));
        Assert.Equal(1, again.ExitCode);
        Assert.Equal(
            new Outcome(
                1,
                "",
                "das-audit: The policy 'das-audit.policy.json' names pictures (assets/**/*.png), and none is there; "
                    + "correct the rule picture-report.\n"
            ),
            asked
        );
    }

    [Fact]
    public async Task Rules_are_explained()
    {
        var one = await _tool.RunAsync("policy", "explain", "das0004");
        var all = (await _tool.RunAsync("policy", "explain", "--json")).Json();
        var none = await _tool.RunAsync("policy", "explain", "DAS0044");

        Assert.StartsWith("DAS0004     dataset-license", one.Out, StringComparison.Ordinal);
        Assert.Equal(11, all.GetProperty("items").GetArrayLength());
        Assert.Equal(64, none.ExitCode);
        Assert.Contains("'DAS0044' is no rule; did you mean 'DAS0004'?", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "There is no policy 'das-audit.policy.json'", "x.png")]
    [InlineData(
        1,
        "The policy 'bad.json': rules[0].above is 2, but no share is above 100 %",
        "x.png",
        "--policy",
        "bad.json"
    )]
    [InlineData(1, "There is no 'nowhere/at-all'", "nowhere/at-all", "--policy", "good.json")]
    [InlineData(1, "There is no report '7Z' in the store", "7Z", "--policy", "good.json", "--store", "full.db")]
    [InlineData(64, "Column 1 of the filter", "--query", "colour=red", "--policy", "good.json")]
    [InlineData(64, "names no pictures; name what to check", "--policy", "good.json")]
    [InlineData(64, "--format takes one of text, sarif, github, junit, msbuild", "x.png", "--format", "pdf")]
    [InlineData(64, "--output takes what --format writes", "r.json", "--policy", "good.json", "--output", "f")]
    public async Task Bad_input_is_one_sentence(int exitCode, string sentence, params string[] arguments)
    {
        _tool.Write("good.json", """{ "version": 1, "rules": [{ "rule": "holder-share", "above": 0.9 }] }""");
        _tool.Write("bad.json", """{ "version": 1, "rules": [{ "rule": "holder-share", "above": 2 }] }""");
        _tool.Write("r.json", ReportJson.Serialize(SampleReport.Create().Report));
        ReportStore.Open(Path.Combine(_tool.WorkingDirectory, "full.db"), StoreAccess.ReadWrite).Dispose();

        var outcome = await _tool.RunAsync(["policy", "check", .. arguments]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }

    private AuditReport Store(StoredReport report)
    {
        using var store = Open();
        store.Add(report);
        return report.Report;
    }

    private ReportStore Open() =>
        ReportStore.Open(Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db"), StoreAccess.ReadWrite);
}
