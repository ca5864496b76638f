using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands;

public sealed class StoreCommandTests : IDisposable
{
    private const string Older = "01J9ZQ3V5T8R2N4M6K7H1G0F9E";
    private const string Newer = "01JB000000000000000000000B";

    private readonly Tool _tool = new();

    public StoreCommandTests()
    {
        using var store = ReportStore.Open(StorePath, StoreAccess.ReadWrite);
        store.Add(new(ShownReport.Make(Older), new Dictionary<string, byte[]>()));
        store.Add(new(ShownReport.Make(Newer, "generated/wink.png", "Twitter", 0.3), new Dictionary<string, byte[]>()));
    }

    private string StorePath => Path.Combine(_tool.WorkingDirectory, ".das-audit", "audits.db");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Check_says_on_one_screen_that_all_is_as_written()
    {
        var outcome = await _tool.RunAsync("store", "check");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("2 reports, 0 evaluations", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("every record is what was written", outcome.Out, StringComparison.Ordinal);
        var document = (await _tool.RunAsync("store", "check", "--json")).Json();
        Assert.Equal("das-audit/store-check/1", document.GetProperty("schema").GetString());
        Assert.True(document.GetProperty("sound").GetBoolean());
        Assert.Equal(2, document.GetProperty("head").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Check_and_verify_name_an_edited_report_and_exit_with_3()
    {
        Edit();

        var outcome = await _tool.RunAsync("store", "check");
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains($"record 1 (report {Older})", outcome.Out, StringComparison.Ordinal);
        var document = (await _tool.RunAsync("store", "check", "--json")).Json();
        Assert.Equal(1, document.GetProperty("findings")[0].GetProperty("record").GetInt32());
        Assert.Equal("report", document.GetProperty("findings")[0].GetProperty("kind").GetString());

        var verification = await _tool.RunAsync("reports", "verify", Older);
        Assert.Equal(3, verification.ExitCode);
        Assert.Contains("was altered", verification.Error, StringComparison.Ordinal);
        var json = await _tool.RunAsync("reports", "verify", Older, "--json");
        Assert.Equal(3, json.ExitCode);
        Assert.False(json.Json().GetProperty("unaltered").GetBoolean());
        Assert.Equal(0, (await _tool.RunAsync("reports", "verify", Newer)).ExitCode);
    }

    [Fact]
    public async Task Verify_says_where_a_report_stands_in_the_chain()
    {
        var outcome = await _tool.RunAsync("reports", "verify", Newer[..4], "--json");

        Assert.Equal(0, outcome.ExitCode);
        Assert.True(outcome.Json().GetProperty("unaltered").GetBoolean());
        Assert.Equal(2, outcome.Json().GetProperty("record").GetInt32());
        Assert.Equal(Newer, outcome.Json().GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_copy_of_the_head_shows_that_the_store_is_another()
    {
        File.Copy(StorePath + ".head", Path.Combine(_tool.WorkingDirectory, "copy.head"));
        Assert.Equal(0, (await _tool.RunAsync("store", "check", "--head", "copy.head")).ExitCode);
        using (var store = ReportStore.Open(Path.Combine(_tool.WorkingDirectory, "other.db"), StoreAccess.ReadWrite))
            store.Add(new(ShownReport.Make(Older), new Dictionary<string, byte[]>()));

        var outcome = await _tool.RunAsync("store", "check", "--store", "other.db", "--head", "copy.head");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("another store", outcome.Out, StringComparison.Ordinal);
        _tool.Write("notes.txt", "not a head");
        Assert.Equal(1, (await _tool.RunAsync("store", "check", "--head", "notes.txt")).ExitCode);
    }

    [Fact]
    public async Task A_lost_head_file_is_made_anew_when_asked()
    {
        File.Delete(StorePath + ".head");

        Assert.Equal(3, (await _tool.RunAsync("store", "check")).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("store", "check", "--new-head")).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("store", "check")).ExitCode);
    }

    [Fact]
    public async Task Check_makes_a_missing_or_altered_index_anew_and_says_so()
    {
        var index = File.ReadAllBytes(StorePath + ".index");
        File.Delete(StorePath + ".index");

        var outcome = await _tool.RunAsync("store", "check");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("The index ended before record 1; it was made anew.", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(index, File.ReadAllBytes(StorePath + ".index"));
        Assert.Equal("", (await _tool.RunAsync("store", "check", "--quiet")).Error);
        Assert.DoesNotContain("index", (await _tool.RunAsync("store", "check")).Error, StringComparison.Ordinal);

        File.WriteAllBytes(StorePath + ".index", index[..^3]);
        var document = (await _tool.RunAsync("store", "check", "--json")).Json();
        Assert.True(document.GetProperty("sound").GetBoolean());
        Assert.Equal(2, document.GetProperty("index").GetProperty("record").GetInt32());
        Assert.Equal(index, File.ReadAllBytes(StorePath + ".index"));
    }

    [Fact]
    public async Task What_is_exported_is_restored()
    {
        Assert.Equal(0, (await _tool.RunAsync("store", "export", "--output", "evidence.zip")).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("store", "export", "--output", "evidence", "--json")).ExitCode);
        Assert.Equal(1, (await _tool.RunAsync("store", "restore", "evidence.zip")).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("store", "restore", "evidence.zip", "--store", "new.db")).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("reports", "verify", Newer, "--store", "new.db")).ExitCode);

        File.Delete(Path.Combine(_tool.WorkingDirectory, "evidence", "reports", Older + ".json"));
        var outcome = await _tool.RunAsync("store", "restore", "evidence", "--store", "third.db");
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("is missing", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await _tool.RunAsync("store", "export")).ExitCode);
    }

    [Fact]
    public async Task Compact_keeps_the_old_file_unless_told()
    {
        var outcome = await _tool.RunAsync("store", "compact");
        Assert.Equal(0, outcome.ExitCode);
        Assert.True(File.Exists(StorePath + ".old"));
        File.Delete(StorePath + ".old");

        Assert.Equal(0, (await _tool.RunAsync("store", "compact", "--discard-old", "--json")).ExitCode);
        Assert.False(File.Exists(StorePath + ".old"));
        Assert.Equal(0, (await _tool.RunAsync("store", "check")).ExitCode);
    }

    [Fact]
    public async Task A_store_in_use_is_waited_for_and_the_person_is_told()
    {
        var holder = new FileStream(StorePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var timer = new Timer(_ => holder.Dispose(), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);

        var outcome = await _tool.RunAsync("reports", "list");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Waiting for another process that uses the store", outcome.Error, StringComparison.Ordinal);
    }

    private void Edit()
    {
        var bytes = File.ReadAllBytes(StorePath);
        var at = bytes.AsSpan().IndexOf("das-audit/report/1"u8);
        bytes[at] ^= 1;
        File.WriteAllBytes(StorePath, bytes);
    }
}
