using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands.Audits;

[Collection(nameof(SmallWorldTests))]
public sealed class ReplayCommandTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string> Audits() =>
        [
            "",
            "--method trak --damping trace:0.5 --top 3",
            "--method das --compare tracin,pixel",
            "--group-by license --seed 7 --subset 2 --parameters !conv_out",
            "--region 1,2,4,3 --residual rms --background all --candidates all",
            "--method pixel",
            "--null-queries NULLS",
            "--decoys DECOYS --resize-mode squash --background-color black",
            "--method random --replicates 5",
            "--damping band",
            "--projection none --precision bf16",
        ];

    [Theory]
    [MemberData(nameof(Audits))]
    public async Task An_audit_gives_the_same_again(string options)
    {
        var report = await AuditAsync(Words(options));

        var outcome = await ReplayAsync(report, ["--json", .. NullQueries(options)]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var document = outcome.Json();
        Assert.Equal("das-audit/replay/1", document.GetProperty("schema").GetString());
        Assert.Equal("identical", document.GetProperty("outcome").GetString());
        Assert.Empty(document.GetProperty("comparison").GetProperty("settings").EnumerateArray());
        Assert.Equal(0, document.GetProperty("largestScoreDifference").GetDouble());
    }

    [Fact]
    public async Task The_number_of_threads_changes_nothing()
    {
        var report = await AuditAsync();

        var outcome = await _tool.RunAsync("replay", report, "--threads", "1", "--quiet");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith($"Identical: the audit of {report} gives the same", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("Other circumstances than then: environment.threads.", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--encoder", "image encoder")]
    [InlineData("--mask", "mask")]
    [InlineData("--metric", "metric")]
    [InlineData("--decoys", "decoys")]
    [InlineData("--null-queries", "null queries")]
    [InlineData("--retrained", "retrained models")]
    public async Task What_the_audit_did_not_have_is_refused(string option, string what)
    {
        var report = await AuditAsync();

        var outcome = await ReplayAsync(report, option, world.Dataset);

        Assert.Equal((64, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains($"The report had no {what}; leave out {option}.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_stored_or_kept()
    {
        var report = await AuditAsync("--no-features");
        var before = SmallWorld.Contents(_tool.WorkingDirectory);

        await ReplayAsync(report);

        Assert.Equal(before, SmallWorld.Contents(_tool.WorkingDirectory));
    }

    [Fact]
    public async Task A_bundle_is_run_again_with_its_inputs_elsewhere()
    {
        var report = await AuditAsync();
        await _tool.RunAsync("reports", "bundle", report, "--output", "b.dasaudit.zip");
        Directory.Delete(Path.Combine(_tool.WorkingDirectory, ".das-audit"), recursive: true);
        using var moved = new TempFolder();
        SmallWorld.Copy(world.Model, moved["m"]);
        SmallWorld.Copy(world.Dataset, moved["d"]);
        File.Copy(world.Query, moved["q.png"]);

        var outcome = await _tool.RunAsync(
            "replay",
            "b.dasaudit.zip",
            "--image",
            moved["q.png"],
            "--model",
            moved["m"],
            "--dataset",
            moved["d"],
            "--quiet",
            "--json"
        );

        Assert.Equal("identical", outcome.Json().GetProperty("outcome").GetString());
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, ".das-audit")));
    }

    [Fact]
    public async Task An_altered_bundle_is_not_run_again()
    {
        var report = await AuditAsync();
        await _tool.RunAsync("reports", "bundle", report, "--output", "b.dasaudit.zip");
        var path = Path.Combine(_tool.WorkingDirectory, "b.dasaudit.zip");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        var outcome = await _tool.RunAsync("replay", "b.dasaudit.zip", "--quiet");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("is not what was bundled, so it is not run again (", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inputs_that_are_not_there_are_all_named_before_anything_is_read()
    {
        var report = await AuditAsync();

        var outcome = await ReplayAsync(report, "--image", "gone.png", "--model", "gone", "--dataset", "nowhere");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal(
            "das-audit: Nothing was computed, because inputs are missing: the audited picture ('gone.png' is not "
                + "there; --image says where it is now); the model ('gone' is not there; --model says where it is "
                + "now); the dataset ('nowhere' is not there; --dataset says where it is now).\n",
            outcome.Error
        );
    }

    [Fact]
    public async Task Inputs_with_another_hash_are_all_named_and_nothing_is_computed()
    {
        var report = await AuditAsync();
        using var elsewhere = new TempFolder();
        SmallWorld.Copy(world.Dataset, elsewhere["d"]);
        File.Delete(elsewhere["d/p0.png"]);
        File.WriteAllLines(
            elsewhere["d/metadata.jsonl"],
            File.ReadAllLines(elsewhere["d/metadata.jsonl"])
                .Where(line => !line.Contains("p0.png", StringComparison.Ordinal))
        );

        var outcome = await ReplayAsync(report, "--image", world.OtherQuery, "--dataset", elsewhere["d"], "--json");

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Error));
        var document = outcome.Json();
        Assert.Equal("other-inputs", document.GetProperty("outcome").GetString());
        var inputs = document.GetProperty("inputs").EnumerateArray().ToList();
        Assert.Equal(
            ["the audited picture", "the dataset"],
            inputs.Select(input => input.GetProperty("input").GetString())
        );
        Assert.All(inputs, input => Assert.NotEqual(Text(input, "expected"), Text(input, "found")));
        var shown = await ReplayAsync(report, "--image", world.OtherQuery);
        Assert.Contains($"inputs are not those of the report {report}.", shown.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"query": {"path": "a\u0000b"}}""", "is not there; --image says where it is now")]
    [InlineData("""{"method": {"id": "magic"}}""", "'magic' is no attribution method")]
    [InlineData("""{"method": {"projection": "magic"}}""", "'magic' is no projection")]
    [InlineData("""{"method": {"damping": "magic"}}""", "'magic' is no damping rule")]
    [InlineData("""{"groupedBy": "magic"}""", "'magic' is nothing to group by")]
    [InlineData("""{"model": {"adapter": "magic"}}""", "magic")]
    public async Task A_bundle_that_somebody_wrote_is_refused_in_a_sentence(string edit, string sentence)
    {
        WriteBundle("b.dasaudit.zip", edit);
        string[] places = edit.Contains("path", StringComparison.Ordinal) ? [] : ["--image", world.Query];

        var outcome = await _tool.RunAsync([
            "replay",
            "b.dasaudit.zip",
            "--quiet",
            "--model",
            world.Model,
            "--dataset",
            world.Dataset,
            .. places,
        ]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"method": null}""")]
    [InlineData("""{"groups": null}""")]
    public async Task A_bundle_whose_report_lacks_a_part_is_none(string edit)
    {
        WriteBundle("b.dasaudit.zip", edit);

        var outcome = await ReplayAsync("b.dasaudit.zip");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("'b.dasaudit.zip' is not what was bundled", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_report_does_not_hold_is_asked_for()
    {
        var report = await AuditAsync(Words("--null-queries NULLS"));

        var outcome = await ReplayAsync(report);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(
            "the null queries (the report does not say where; --null-queries does)",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"attributions": [{"score": 1}]}""", "score", 3)]
    [InlineData("""{"groups": [{"share": 1}]}""", "share", 3)]
    [InlineData("""{"method": {"seed": 99}}""", "score", 3)]
    public async Task Other_figures_are_different_and_say_where(string edit, string what, int exitCode)
    {
        var report = Altered(await AuditAsync(), edit);

        var outcome = await ReplayAsync(report, "--json");

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Error));
        var document = outcome.Json();
        Assert.Equal("different", document.GetProperty("outcome").GetString());
        Assert.Contains(what, document.GetProperty("differences").EnumerateArray().Select(d => Text(d, "what")));
        var shown = await ReplayAsync(report);
        Assert.StartsWith($"Different: the audit of {report}", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_that_are_a_little_apart_are_within_the_tolerance_that_is_stated()
    {
        var report = await AuditAsync();
        var score = Report(report)["attributions"]![0]!["score"]!.GetValue<double>();
        var edited = Altered(report, $$"""{"attributions": [{"score": {{(score * 1.00001).ToString("R")}}}]}""");

        var outcome = await ReplayAsync(edited);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains($"Within tolerance: the audit of {edited} gives the same again, up to 1E-3", outcome.Out);
        Assert.Equal(3, (await ReplayAsync(edited, "--tolerance", "1e-6")).ExitCode);
    }

    private async Task<string> AuditAsync(params string[] options)
    {
        var outcome = await _tool.RunAsync(world.AuditArguments([world.Query], options));
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return Text(outcome.Json(), "id")!;
    }

    private Task<Outcome> ReplayAsync(string report, params string[] options) =>
        _tool.RunAsync(["replay", report, "--threads", "2", "--quiet", .. options]);

    private string[] Words(string options) =>
        [
            .. options
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word =>
                    word switch
                    {
                        "NULLS" or "DECOYS" => Pictures(word),
                        _ => word,
                    }
                ),
        ];

    private string[] NullQueries(string options) =>
        options.Contains("NULLS", StringComparison.Ordinal) ? ["--null-queries", Pictures("NULLS")] : [];

    private string Pictures(string name)
    {
        var folder = Path.Combine(_tool.WorkingDirectory, name);
        if (!Directory.Exists(folder))
            for (var i = 0; i < 4; i++)
                SmallWorld.WritePicture(Path.Combine(Directory.CreateDirectory(folder).FullName, $"n{i}.png"), 50 + i);
        return folder;
    }

    private JsonNode Report(string id)
    {
        using var store = ReportStore.Open(StorePath, StoreAccess.ReadOnly);
        return JsonNode.Parse(ReportJson.Serialize(store.Get(id).Report))!;
    }

    // A store in which the report is another, and does not know it.
    private string Altered(string id, string edit)
    {
        var report = Report(id);
        Merge(report, JsonNode.Parse(edit)!);
        report["id"] = SampleReport.Id(3);
        using var store = ReportStore.Open(StorePath, StoreAccess.ReadWrite);
        store.Add(new(ReportJson.Deserialize(report.ToJsonString()), new Dictionary<string, byte[]>()));
        return SampleReport.Id(3);
    }

    // Unsigned, and with a manifest that fits.
    private void WriteBundle(string file, string edit)
    {
        var sample = SampleReport.Create();
        var made = BundleBuilder.Build(
            sample with
            {
                Report = sample.Report with { Encoder = null },
            },
            null,
            null,
            null
        );
        var report = JsonNode.Parse(made.ReportJson)!;
        Merge(report, JsonNode.Parse(edit)!);
        var json = Encoding.UTF8.GetBytes(report.ToJsonString());
        // Without the table, which would contradict the report.
        List<BundlePart> parts =
        [
            .. made
                .Parts.Where(part => part.Name != BundleNames.Csv)
                .Select(part => part.Name == BundleNames.Report ? part with { Bytes = json } : part),
        ];
        var contents = made with { Parts = parts, Manifest = BundleManifest.Of(sample.Report.Id, parts) };
        File.WriteAllBytes(
            Path.Combine(_tool.WorkingDirectory, file),
            BundleWriter.Write(contents, envelope: null, timestamp: null)
        );
    }

    private string StorePath => Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");

    private static void Merge(JsonNode target, JsonNode edit)
    {
        if (edit is JsonArray array)
            for (var i = 0; i < array.Count; i++)
                Merge(target[i]!, array[i]!);
        else
            foreach (var (name, value) in edit.AsObject())
                if (value is null or JsonValue)
                    target[name] = value?.DeepClone();
                else
                    Merge(target[name]!, value!);
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
