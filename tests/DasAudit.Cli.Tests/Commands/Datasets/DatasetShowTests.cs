using System.Text.Json;

namespace DasAudit.Cli.Tests.Commands.Datasets;

public sealed class DatasetShowTests : IDisposable
{
    private readonly DatasetWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_person_sees_what_the_dataset_is()
    {
        var outcome = await _world.Tool.RunAsync("dataset", "show", "pictures", "--quiet");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        string[] lines =
        [
            "dataset pictures, folder of pictures",
            "pictures 3",
            "sizes 3 6×5",
            "names end in 3 .png",
            "splits 2 train",
            "1 test",
            "rights holders 2 Bob",
            "1 Ann",
            "licences 2 MIT",
            "1 CC BY 4.0",
        ];
        Assert.Equal(lines, Lines(outcome.Out).Take(lines.Length));
        Assert.DoesNotContain("labels", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("index made now", Lines(outcome.Out)[^2]);
        Assert.StartsWith(".das-audit/indexes/", Lines(outcome.Out)[^1], StringComparison.Ordinal);

        var again = await _world.Tool.RunAsync("dataset", "show", "pictures", "--quiet");
        Assert.Contains("3 files unchanged since ", again.Out, StringComparison.Ordinal);
        Assert.Contains("--rehash", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_holders_ten_are_named_and_the_others_counted()
    {
        for (var i = 0; i < 13; i++)
            _world.Write($"p{i:d2}.png", 10 + i);
        _world.Metadata([.. Enumerable.Range(0, 13).Select(i => $"p{i:d2}.png,Holder {i:d2},MIT,")]);
        var outcome = await _world.Tool.RunAsync("dataset", "show", "pictures", "--quiet");
        var lines = Lines(outcome.Out);
        // Three state none, which is the most frequent.
        Assert.Contains("rights holders 3 (not stated)", lines);
        Assert.Contains("1 Holder 08", lines);
        Assert.Contains("4 in 4 more rights holders", lines);
    }

    [Fact]
    public async Task The_document_counts_everything()
    {
        var document = (await _world.Tool.RunAsync("dataset", "show", "pictures", "--json", "--quiet")).Json();
        Assert.Equal("das-audit/dataset/1", document.GetProperty("schema").GetString());
        Assert.Equal(3, document.GetProperty("pictures").GetInt32());
        Assert.Equal(64, document.GetProperty("root").GetString()!.Length);
        Assert.Equal(
            """[{"value":"Bob","count":2},{"value":"Ann","count":1}]""",
            JsonSerializer.Serialize(document.GetProperty("rightsHolders"))
        );
        Assert.Equal("""[{"value":null,"count":3}]""", JsonSerializer.Serialize(document.GetProperty("labels")));
        var index = document.GetProperty("index");
        Assert.Equal((0, 3), (index.GetProperty("unchanged").GetInt32(), index.GetProperty("anew").GetInt32()));
        Assert.Equal(JsonValueKind.Null, index.GetProperty("since").ValueKind);
    }

    [Fact]
    public async Task A_split_can_be_shown_alone()
    {
        var outcome = await _world.Tool.RunAsync("dataset", "show", "pictures", "--split", "test", "--json", "--quiet");
        Assert.Equal(1, outcome.Json().GetProperty("pictures").GetInt32());
    }

    private static List<string> Lines(string text) =>
        [
            .. text.Split('\n')
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                .Where(line => line.Length > 0),
        ];
}
