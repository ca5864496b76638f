using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Settings;

public sealed class ConfigFileTests : IDisposable
{
    private readonly Tool _tool = new() { Replace = services => services.AddCommand<ProbeCommand>() };

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("""{"tpo": 1}""", "'tpo' in das-audit.json is no option of 'das-audit'; did you mean 'top'?")]
    [InlineData(
        """{"probe": {"include-owners": "x"}}""",
        "'probe.include-owners' in das-audit.json is no option of 'probe'; did you mean 'include-owner'?"
    )]
    [InlineData("""{"zzzzzz": 1}""", "'zzzzzz' in das-audit.json is no option of 'das-audit'.")]
    [InlineData("""{"reports": {"top": 1}}""", "'reports.top' in das-audit.json is no option of 'reports'.")]
    [InlineData("""{"config": "x.json"}""", "'config' in das-audit.json is no option of 'das-audit'.")]
    [InlineData("""{"probe": 3}""", "'probe' in das-audit.json is a command; give its options as an object.")]
    [InlineData("""{"top": {"a": 1}}""", "'top' in das-audit.json is an option and takes a value, not an object.")]
    [InlineData("[]", "'das-audit.json' holds no JSON object; write the options as {\"top\": 5}.")]
    [InlineData("{\n\"top\": 1,\n\"top\": 2}", "'das-audit.json' is no correct JSON: a key stands twice; correct it.")]
    [InlineData("{\n\n\"top\" 1}", "'das-audit.json' is no correct JSON at line 3; correct it.")]
    [InlineData("", "'das-audit.json' is no correct JSON at line 1; correct it.")]
    [InlineData("{\n\"method\": \"\\ud800\"}", "'das-audit.json' is no correct JSON at line 2; correct it.")]
    public async Task A_wrong_file_is_wrong_usage_and_says_where(string text, string sentence)
    {
        _tool.Write("das-audit.json", text);
        var outcome = await _tool.RunAsync("probe");
        Assert.Equal(64, outcome.ExitCode);
        Assert.Equal($"das-audit: {sentence}\nRun 'dotnet das-audit probe --help' for help.\n", outcome.Error);
    }

    [Fact]
    public async Task All_unknown_keys_are_named_at_once()
    {
        _tool.Write("das-audit.json", """{"tpo": 1, "knd": 2}""");
        var outcome = await _tool.RunAsync("probe");
        Assert.Contains("did you mean 'top'?", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'kind'?", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_file_that_is_missing_is_wrong_usage()
    {
        var outcome = await _tool.RunAsync("probe", "--config", "nowhere.json");
        Assert.Equal(64, outcome.ExitCode);
        Assert.StartsWith(
            "das-audit: The configuration file 'nowhere.json' cannot be read; name another with --config.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Options_of_one_command_do_not_disturb_another()
    {
        _tool.Write("das-audit.json", """{"top": 4, "reports": {"export": {"format": "html"}}}""");
        Assert.Equal(0, (await _tool.RunAsync("adapters", "list")).ExitCode);
    }

    [Fact]
    public async Task Help_does_not_need_a_correct_file()
    {
        _tool.Write("das-audit.json", "nonsense");
        Assert.Equal(0, (await _tool.RunAsync("probe", "--help")).ExitCode);
    }
}
