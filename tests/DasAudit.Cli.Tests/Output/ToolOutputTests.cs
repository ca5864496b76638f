using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Hosting;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using Spectre.Console;

namespace DasAudit.Cli.Tests.Output;

public sealed class ToolOutputTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _tool.Dispose();
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void A_terminal_gets_colours() =>
        Assert.Contains("\u001b[", Painted(isTerminal: true), StringComparison.Ordinal);

    [Fact]
    public void A_file_gets_none() => Assert.Equal("red\n", Painted(isTerminal: false));

    [Fact]
    public void A_file_gets_none_whatever_a_CI_variable_says()
    {
        _tool.Variables["GITHUB_ACTIONS"] = "true";
        Assert.Equal("red\n", Painted(isTerminal: false));
    }

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public void The_environment_can_forbid_colours(string name, string value)
    {
        _tool.Variables[name] = value;
        Assert.DoesNotContain("31m", Painted(isTerminal: true), StringComparison.Ordinal);
    }

    [Fact]
    public void The_option_can_forbid_colours() =>
        Assert.DoesNotContain("31m", Painted(isTerminal: true, noColor: true), StringComparison.Ordinal);

    [Fact]
    public void Messages_go_to_standard_error_unless_quiet()
    {
        var output = Make(false);
        output.Say("Wrote a.html.");
        output.Quiet = true;
        output.Say("Wrote b.html.");
        Assert.Equal("Wrote a.html.\n", _error.ToString());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public void JSON_is_not_wrapped()
    {
        Make(false).WriteJson(new { text = new string('x', 500) });
        Assert.Contains(new string('x', 500), _out.ToString(), StringComparison.Ordinal);
    }

    private string Painted(bool isTerminal, bool noColor = false)
    {
        Make(isTerminal, noColor).Write(new Rows(new Text("red", Color.Maroon)));
        return _out.ToString();
    }

    private ToolOutput Make(bool isTerminal, bool noColor = false) =>
        new(new Terminal(_out, _error) { OutIsTerminal = isTerminal, ErrorIsTerminal = isTerminal }, _tool.Surroundings)
        {
            NoColor = noColor,
        };
}
