namespace DasAudit.Cli.Tests.Commands.Datasets;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly DatasetWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_dataset_in_order_passes()
    {
        _world.Metadata("a.png,Ann,MIT,", "b.png,Bob,CC-BY-4.0,", "sub/c.png,Bob,MIT,");
        var outcome = await _world.Tool.RunAsync("dataset", "check", "pictures");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("Nothing is wrong with the 3 pictures of 'pictures'.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_make_a_table_and_the_exit_code_3()
    {
        _world.Write("sub/c.png", 1);
        var outcome = await _world.Tool.RunAsync("dataset", "check", "pictures", "--quiet");
        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("error", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("a.png, sub/c.png: rights holders:", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("'CC BY 4.0': write CC-BY-4.0", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Information_alone_passes()
    {
        _world.Write("d.png", 1);
        _world.Metadata("a.png,Ann,MIT,", "b.png,Bob,MIT,", "sub/c.png,Bob,MIT,", "d.png,Ann,MIT,");
        var outcome = await _world.Tool.RunAsync("dataset", "check", "pictures", "--json", "--quiet");
        Assert.Equal(0, outcome.ExitCode);
        var document = outcome.Json();
        Assert.Equal("das-audit/dataset-check/1", document.GetProperty("schema").GetString());
        Assert.True(document.GetProperty("passed").GetBoolean());
        var finding = Assert.Single(document.GetProperty("findings").EnumerateArray());
        Assert.Equal("copies", finding.GetProperty("kind").GetString());
        Assert.Equal("information", finding.GetProperty("severity").GetString());
        Assert.Equal(2, finding.GetProperty("pictures").GetInt32());
        Assert.Equal(
            ["a.png", "d.png"],
            finding.GetProperty("groups")[0].GetProperty("pictures").EnumerateArray().Select(path => path.GetString())
        );
    }

    [Fact]
    public async Task The_document_names_all_pictures()
    {
        for (var i = 0; i < 12; i++)
            _world.Write($"p{i}.png", 10 + i);
        var outcome = await _world.Tool.RunAsync("dataset", "check", "pictures", "--json", "--quiet");
        Assert.Equal(3, outcome.ExitCode);
        var unlisted = outcome
            .Json()
            .GetProperty("findings")
            .EnumerateArray()
            .Single(finding => finding.GetProperty("kind").GetString() == "unlisted");
        Assert.Equal(12, unlisted.GetProperty("groups")[0].GetProperty("pictures").GetArrayLength());
    }

    [Fact]
    public async Task Opt_outs_are_told_with_the_signal_and_the_exit_code_3()
    {
        _world.Metadata("a.png,Ann,MIT,", "b.png,Bob,MIT,", "sub/c.png,Bob,MIT,");
        _world.Tool.Write("pictures/sub/robots.txt", "User-agent: *\nContent-Usage: train-ai=n\n");
        _world.Tool.Write("pictures/README.md", "---\nlicense: cc-by-4.0\n---\n");
        var table = await _world.Tool.RunAsync("dataset", "check", "pictures", "--quiet");
        Assert.Equal(3, table.ExitCode);
        Assert.Contains("training AI is refused", table.Out, StringComparison.Ordinal);
        var outcome = await _world.Tool.RunAsync("dataset", "check", "pictures", "--json", "--quiet");
        Assert.Equal(3, outcome.ExitCode);
        var findings = outcome.Json().GetProperty("findings");
        Assert.Equal(
            ["contradictory-dataset-license", "opt-out"],
            findings.EnumerateArray().Select(finding => finding.GetProperty("kind").GetString())
        );
        Assert.Equal(2, findings[0].GetProperty("groups")[0].GetProperty("places").GetArrayLength());
        var group = findings[1].GetProperty("groups")[0];
        Assert.Equal("sub/c.png", group.GetProperty("pictures")[0].GetString());
        var signal = group.GetProperty("signal");
        Assert.Equal("opt-out", signal.GetProperty("stance").GetString());
        Assert.Equal("sub/robots.txt, line 2", signal.GetProperty("place").GetString());
        Assert.True(signal.GetProperty("readUtc").GetDateTimeOffset() > DateTimeOffset.UtcNow);
    }
}
