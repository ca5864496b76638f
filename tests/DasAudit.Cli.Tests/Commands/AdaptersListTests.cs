using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;
using TestPlugins = DasAudit.Cli.Tests.Harness.Plugins;

namespace DasAudit.Cli.Tests.Commands;

public sealed class AdaptersListTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Lists_sound_and_broken_plugins_as_one_JSON_document()
    {
        var sound = TestPlugins.Install(Path.Combine(_tool.ToolDirectory, "plugins"));
        TestPlugins.Install(Path.Combine(_tool.WorkingDirectory, "mine"), "Bad", "constructor throws");
        var outcome = await _tool.RunAsync("adapters", "list", "--plugins", "mine", "--json");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        var document = outcome.Json();
        Assert.Equal("das-audit/adapters/1", document.GetProperty("schema").GetString());
        var items = document.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, items.Count);
        Assert.Equal("moody", items[0].GetProperty("name").GetString());
        Assert.Equal(sound, items[0].GetProperty("path").GetString());
        Assert.Equal("ok", items[0].GetProperty("status").GetString());
        Assert.Equal(64, items[0].GetProperty("sha256").GetString()!.Length);
        Assert.Equal("broken", items[1].GetProperty("status").GetString());
        Assert.Contains("not today", items[1].GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapters_of_the_same_name_are_shown_as_a_conflict()
    {
        TestPlugins.Install(Path.Combine(_tool.ToolDirectory, "plugins"), "One");
        TestPlugins.Install(Path.Combine(_tool.ToolDirectory, "plugins"), "Two");
        var items = (await _tool.RunAsync("adapters", "list", "--json"))
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .ToList();
        Assert.All(items, item => Assert.Equal("conflict", item.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task The_table_names_adapter_status_and_place()
    {
        TestPlugins.Install(Path.Combine(_tool.ToolDirectory, "plugins"));
        var outcome = await _tool.RunAsync("adapters", "list");
        Assert.Contains(" moody ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains(" ok ", outcome.Out, StringComparison.Ordinal);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task An_empty_list_says_where_plugins_go_and_is_an_empty_list_in_JSON()
    {
        var outcome = await _tool.RunAsync("adapters", "list");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        Assert.Contains("~/.das-audit/plugins", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(
            0,
            (await _tool.RunAsync("adapters", "list", "--json")).Json().GetProperty("items").GetArrayLength()
        );
    }
}
