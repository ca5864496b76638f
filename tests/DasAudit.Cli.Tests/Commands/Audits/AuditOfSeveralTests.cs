using System.Text.Json.Nodes;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

/// <summary>An audit of several pictures is that of each.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class AuditOfSeveralTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Two_pictures_give_the_list_of_their_reports()
    {
        var document = (await AuditAsync([world.Query, world.OtherQuery])).Json();
        Assert.Equal("das-audit/reports/1", document.GetProperty("schema").GetString());
        var paths = document
            .GetProperty("items")
            .EnumerateArray()
            .Select(item => item.GetProperty("query").GetProperty("path").GetString());
        Assert.Equal([world.Query, world.OtherQuery], paths);
        Assert.Equal(
            2,
            (await _tool.RunAsync("reports", "list", "--json")).Json().GetProperty("items").GetArrayLength()
        );
    }

    [Fact]
    public async Task A_broken_picture_of_several_is_named_and_the_others_are_stored()
    {
        _tool.Write("cat.txt", "a cat");
        var outcome = await AuditAsync([world.Query, "cat.txt"]);
        Assert.Equal(
            (1, "das-audit: 1 of 2 pictures could not be audited: 'cat.txt'.\n"),
            (outcome.ExitCode, outcome.Error)
        );
        var document = outcome.Json();
        Assert.Equal("das-audit/reports/1", document.GetProperty("schema").GetString());
        var refused = Assert.Single(document.GetProperty("refused").EnumerateArray());
        Assert.Equal("cat.txt", refused.GetProperty("path").GetString());
        Assert.StartsWith("'cat.txt' is no ", refused.GetProperty("reason").GetString());
        var stored = (await _tool.RunAsync("reports", "list", "--json")).Json().GetProperty("items");
        Assert.Equal(document.GetProperty("items").GetRawText(), stored.GetRawText());
    }

    [Fact]
    public async Task The_result_depends_neither_on_threads_nor_on_the_pictures_beside()
    {
        var together = JsonNode.Parse((await AuditAsync([world.OtherQuery, world.Query])).Out)!["items"]!.AsArray();
        var two = Result(JsonNode.Parse((await AuditAsync([world.Query])).Out)!);
        var one = Result(JsonNode.Parse((await AuditAsync([world.Query], "--threads", "1")).Out)!);
        Assert.Equal(one, two);
        Assert.Equal(one, Result(together[1]!));
        Assert.NotEqual(one, Result(together[0]!));
    }

    private Task<Outcome> AuditAsync(string[] images, params string[] further) =>
        _tool.RunAsync(world.AuditArguments(images, further));

    private static string Result(JsonNode report)
    {
        var result = report.AsObject().DeepClone().AsObject();
        foreach (var circumstance in new[] { "id", "createdUtc", "timings", "environment" })
            Assert.True(result.Remove(circumstance));
        return result.ToJsonString();
    }
}
