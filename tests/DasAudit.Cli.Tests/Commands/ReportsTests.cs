using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands;

public sealed class ReportsTests : IDisposable
{
    private const string Older = "01J9ZQ3V5T8R2N4M6K7H1G0F9E";
    private const string Newer = "01JB000000000000000000000B";

    private readonly Tool _tool = new();

    public ReportsTests()
    {
        using var store = ReportStore.Open(
            Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db"),
            StoreAccess.ReadWrite
        );
        store.Add(new(ShownReport.Make(Older), new Dictionary<string, byte[]>()));
        store.Add(new(ShownReport.Make(Newer, "generated/wink.png", "Twitter", 0.3), new Dictionary<string, byte[]>()));
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task List_shows_the_newest_first()
    {
        var outcome = await _tool.RunAsync("reports", "list");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Equal(
            """

              report                       made (UTC)         query          model   by    group        share
            ───────────────────────────────────────────────────────────────────────────────────────────────────
              01JB000000000000000000000B   2026-03-14 09:26   wink.png       model   das   Twitter       30 %
              01J9ZQ3V5T8R2N4M6K7H1G0F9E   2026-03-14 09:26   smile-07.png   model   das   Google LLC    62 %


            """,
            Trimmed(outcome.Out)
        );
    }

    [Fact]
    public async Task List_in_JSON_holds_whole_reports()
    {
        var document = (await _tool.RunAsync("reports", "list", "--json")).Json();
        Assert.Equal("das-audit/reports/1", document.GetProperty("schema").GetString());
        var items = document
            .GetProperty("items")
            .EnumerateArray()
            .Select(item => ReportJson.Deserialize(item.GetRawText()))
            .ToList();
        Assert.Equal([Newer, Older], items.Select(report => report.Id));
        Assert.Equal(3, items[0].Attributions.Count);
    }

    [Theory]
    [InlineData(new[] { Older }, "rights-holder=Google LLC share>=0.5")]
    [InlineData(new[] { Older }, "rights-holder=Google", "LLC", "share>=50%")]
    [InlineData(new[] { Newer }, "image=wink")]
    [InlineData(new[] { Newer, Older }, "from=2026-03-14", "until=2026-03-15")]
    [InlineData(new string[0], "until=2026-03-14")]
    [InlineData(new[] { Newer, Older }, "method=das", "dataset=demo")]
    [InlineData(new[] { Newer, Older }, "picture=openmoji/1F603.png")]
    [InlineData(new string[0], "word>=weak")]
    [InlineData(new[] { Newer }, "--limit", "1", "method=das")]
    [InlineData(new[] { Older }, "--where", "$.groups[0].share > 0.6 AND $.method.id = 'das'")]
    [InlineData(new string[0], "image=wink", "--where", "$.groups[*].share ANY > 0.7")]
    public async Task Query_finds_what_meets_the_filter(string[] ids, params string[] filter)
    {
        var document = (await _tool.RunAsync(["reports", "query", .. filter, "--json"])).Json();
        Assert.Equal(
            ids,
            document.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())
        );
    }

    [Fact]
    public async Task Query_that_finds_nothing_says_so_on_standard_error()
    {
        Assert.Equal(new Outcome(0, "", "No reports.\n"), await _tool.RunAsync("reports", "query", "model=other"));
        Assert.Equal(new Outcome(0, "", ""), await _tool.RunAsync("reports", "query", "model=other", "--quiet"));
    }

    [Fact]
    public async Task A_wrong_filter_is_wrong_usage()
    {
        var outcome = await _tool.RunAsync("reports", "query", "modle=x");
        Assert.Equal(64, outcome.ExitCode);
        Assert.StartsWith(
            "das-audit: Column 1 of the filter: 'modle' is no key",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--where", "$.method.id =")]
    [InlineData("--where", "$.groups[*].share > 0.5")]
    [InlineData("--limit", "0", "method=das")]
    [InlineData("word>=maybe")]
    [InlineData("word=weak")]
    [InlineData]
    public async Task A_wrong_expression_word_or_limit_or_nothing_is_wrong_usage(params string[] arguments)
    {
        var outcome = await _tool.RunAsync(["reports", "query", .. arguments]);
        Assert.Equal(64, outcome.ExitCode);
        Assert.StartsWith("das-audit: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_may_be_limited_to_the_newest()
    {
        var document = (await _tool.RunAsync("reports", "list", "--limit", "1", "--json")).Json();
        Assert.Equal(Newer, document.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(1, document.GetProperty("items").GetArrayLength());
        Assert.DoesNotContain(
            Older,
            (await _tool.RunAsync("reports", "list", "--limit", "1")).Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Compare_says_what_differs_and_exits_with_0()
    {
        var outcome = await _tool.RunAsync("reports", "compare", Older, Newer);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Contains("query.path", outcome.Out, StringComparison.Ordinal);
        Assert.Matches("100.% of the first 3 in common; ", outcome.Out);
        Assert.DoesNotContain('\u001b', outcome.Out);

        var json = (await _tool.RunAsync("reports", "compare", Older, Newer, "--json")).Json();
        Assert.Equal("das-audit/report-comparison/1", json.GetProperty("schema").GetString());
        Assert.Equal((Older, Newer), (json.GetProperty("a").GetString(), json.GetProperty("b").GetString()));
        Assert.False(json.GetProperty("same").GetBoolean());
        Assert.Equal(1, json.GetProperty("ranking").GetProperty("topOverlap").GetDouble());
        var group = json.GetProperty("groups")[0];
        Assert.Equal("Google LLC", group.GetProperty("key").GetString());
        Assert.Equal(0.62, group.GetProperty("a").GetProperty("share").GetDouble());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, group.GetProperty("b").ValueKind);
    }

    [Fact]
    public async Task A_report_compared_with_itself_is_the_same()
    {
        var outcome = await _tool.RunAsync("reports", "compare", Older, Older, "--json");
        Assert.Equal(0, outcome.ExitCode);
        Assert.True(outcome.Json().GetProperty("same").GetBoolean());
        Assert.Empty(outcome.Json().GetProperty("circumstances").EnumerateArray());
    }

    [Fact]
    public async Task Show_finds_a_report_by_the_beginning_of_its_id()
    {
        var outcome = await _tool.RunAsync("reports", "show", "01jb");
        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("generated/wink.png: ", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_in_JSON_is_the_report()
    {
        var outcome = await _tool.RunAsync("reports", "show", Older, "--json");
        Assert.Equal(ReportJson.Serialize(ShownReport.Make(Older)) + "\n", outcome.Out);
    }

    [Theory]
    [InlineData("01ZZ")]
    [InlineData("01J")]
    public async Task Show_of_no_report_or_of_several_is_an_error(string id)
    {
        var outcome = await _tool.RunAsync("reports", "show", id);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        Assert.Contains($"'{id}'", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "01")]
    [InlineData("query", "model=x")]
    [InlineData("compare", "01", "02")]
    [InlineData("export", "01")]
    public async Task A_store_that_is_missing_or_no_store_is_an_error_and_is_left_alone(params string[] command)
    {
        var missing = await _tool.RunAsync(["reports", .. command, "--store", "nowhere/a.db"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Matches("^das-audit: There is no store at .*nowhere/a.db'.*--store.\n$", missing.Error);
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, "nowhere")));

        var text = _tool.Write("notes.txt", "not a store");
        var foreign = await _tool.RunAsync(["reports", .. command, "--store", "notes.txt"]);
        Assert.Equal(1, foreign.ExitCode);
        Assert.Equal("not a store", File.ReadAllText(text));
    }

    [Fact]
    public async Task The_store_may_be_named_by_the_file()
    {
        Directory.Move(
            Path.Combine(_tool.WorkingDirectory, ".das-audit"),
            Path.Combine(_tool.WorkingDirectory, "evidence")
        );
        _tool.Write("das-audit.json", """{"reports": {"store": "evidence/audits.db"}}""");
        Assert.Equal(
            2,
            (await _tool.RunAsync("reports", "list", "--json")).Json().GetProperty("items").GetArrayLength()
        );
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));
}
