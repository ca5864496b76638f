using System.Net;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Serving;

/// <summary>What pages show of a store that changes, or was changed, while they are served.</summary>
public sealed class ChangingStoreTests : IAsyncLifetime
{
    private const string Older = TwoReports.Older;
    private const string Newer = TwoReports.Newer;

    private ServedStore _served = null!;

    public async ValueTask InitializeAsync() => _served = await TwoReports.ServeAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task What_is_stored_meanwhile_is_there_at_the_next_look()
    {
        Assert.Contains("2 reports", await _served.TextAsync(""), StringComparison.Ordinal);
        const string latest = "01JC00000000000000000000CC";
        _served.Add(TwoReports.Stored(ShownReport.Make(latest, "generated/late.png")));
        Assert.Equal([latest, Newer, Older], TwoReports.Ids(await _served.TextAsync("")));
        Assert.Contains("generated/late.png", await _served.TextAsync($"reports/{latest}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writers_and_readers_at_the_same_time_do_not_fail()
    {
        var writing = Task.Run(
            () =>
            {
                for (var i = 0; i < 10; i++)
                    _served.Add(SampleReport.Create(i));
            },
            TestContext.Current.CancellationToken
        );
        do
        {
            using var answer = await _served.GetAsync("");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        } while (!writing.IsCompleted);
        await writing;
        Assert.Contains("12 reports", await _served.TextAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_damaged_or_gone_is_a_sentence_without_a_stack_trace()
    {
        var head = _served.StoreFile + ".head";
        var sound = File.ReadAllText(head);
        File.WriteAllText(head, sound.Replace("\"count\":2", "\"count\":7", StringComparison.Ordinal));
        foreach (
            var path in new[] { "", $"reports/{Older}", $"downloads/{Older}.json", $"compare?a={Older}&b={Newer}" }
        )
        {
            using var answer = await _served.GetAsync(path);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            var html = await _served.TextAsync(path);
            Assert.Contains("is damaged (", html, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", html, StringComparison.Ordinal);
        }

        File.WriteAllText(head, sound);
        File.Move(_served.StoreFile, _served.StoreFile + ".away");
        Assert.Contains("There is no store at", await _served.TextAsync(""), StringComparison.Ordinal);
        File.Move(_served.StoreFile + ".away", _served.StoreFile);
        Assert.Equal([Newer, Older], TwoReports.Ids(await _served.TextAsync("")));
    }

    [Fact]
    public async Task A_report_that_was_altered_is_named_and_never_shown()
    {
        var bytes = File.ReadAllBytes(_served.StoreFile);
        var at = bytes.AsSpan().IndexOf("\"path\": \"generated/wink.png\""u8);
        Assert.True(at > 0);
        bytes[at + 20] ^= 1;
        File.WriteAllBytes(_served.StoreFile, bytes);

        var list = await _served.TextAsync("");
        Assert.Contains("This report is damaged", list, StringComparison.Ordinal);
        Assert.Contains("owed mostly to pictures of Google LLC", list, StringComparison.Ordinal);
        using var answer = await _served.GetAsync($"reports/{Newer}");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("is damaged (", await _served.TextAsync($"reports/{Newer}"), StringComparison.Ordinal);
        Assert.Contains("Verified:", await _served.TextAsync($"reports/{Older}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serving_changes_no_byte_of_the_store_and_no_file_beside_it()
    {
        var before = Contents();
        foreach (var path in new[] { "", "?share=0.5", $"reports/{Older}", $"downloads/{Older}.dasaudit.zip" })
            Assert.NotEmpty(await _served.TextAsync(path));
        Assert.Equal(before, Contents());
    }

    private Dictionary<string, string> Contents() =>
        Directory
            .GetFiles(Path.GetDirectoryName(_served.StoreFile)!)
            .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));
}
