using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.CommandLine;

public sealed class UnknownVariablesTests : IDisposable
{
    private readonly Tool _tool = new()
    {
        Replace = services => services.AddCommand<ProbeCommand>().AddCommand<NeedyCommand>(),
    };

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("DASAUDIT_TOPP", "DASAUDIT_TOP")]
    [InlineData("DASAUDIT_INCLUDE_OWNERS", "DASAUDIT_INCLUDE_OWNER")]
    // Of another command.
    [InlineData("DASAUDIT_REPLICATE", "DASAUDIT_REPLICATES")]
    [InlineData("DASAUDIT_TRAEC", "DASAUDIT_TRACE")]
    public async Task A_misspelt_variable_is_told_of_with_the_nearest_name(string name, string nearest)
    {
        var silent = await _tool.RunAsync("probe");
        _tool.Variables[name] = "5";
        var outcome = await _tool.RunAsync("probe");
        Assert.Equal(
            silent with
            {
                Error =
                    silent.Error
                    + $"das-audit: The variable {name} is set, but no option reads it; perhaps {nearest} is meant.\n",
            },
            outcome
        );
    }

    [Fact]
    public async Task One_that_is_like_no_other_is_told_of_too()
    {
        _tool.Variables["DASAUDIT_XYZZY"] = "5";
        Assert.Equal(
            "das-audit: The variable DASAUDIT_XYZZY is set, but no option reads it; remove it, or look for the option's name with --help.\n",
            (await _tool.RunAsync("probe")).Error
        );
    }

    [Fact]
    public async Task Each_is_told_of_once_in_order()
    {
        (_tool.Variables["DASAUDIT_TOPP"], _tool.Variables["DASAUDIT_SEEED"]) = ("1", "1");
        var lines = (await _tool.RunAsync("probe")).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("DASAUDIT_SEEED", lines[0], StringComparison.Ordinal);
        Assert.Contains("DASAUDIT_TOPP", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    // Those of other commands, what shows stacks, what names a libtorch, what is empty, and what is of another program.
    [InlineData("DASAUDIT_REPLICATES", "2")]
    [InlineData("DASAUDIT_STORE", "x.db")]
    [InlineData("DASAUDIT_TRACE", "1")]
    [InlineData("DASAUDIT_LIBTORCH", "libtorch")]
    [InlineData("DASAUDIT_TOPP", "")]
    [InlineData("DASAUDITTOPP", "1")]
    [InlineData("dasaudit_topp", "1")]
    public async Task Others_are_not(string name, string value)
    {
        _tool.Variables[name] = value;
        Assert.Equal("", (await _tool.RunAsync("probe")).Error);
    }

    [Fact]
    public async Task Quiet_keeps_it_back_from_wherever_it_comes()
    {
        _tool.Variables["DASAUDIT_TOPP"] = "1";
        Assert.Equal("", (await _tool.RunAsync("probe", "--quiet")).Error);
        _tool.Write("das-audit.json", """{"quiet": true}""");
        Assert.Equal("", (await _tool.RunAsync("probe")).Error);
    }

    [Fact]
    public async Task It_is_told_of_where_its_option_is_missing()
    {
        _tool.Variables["DASAUDIT_MODLE"] = "unet";
        var outcome = await _tool.RunAsync("needy");
        Assert.Equal(64, outcome.ExitCode);
        Assert.StartsWith(
            "das-audit: The variable DASAUDIT_MODLE is set, but no option reads it; perhaps DASAUDIT_MODEL is meant.\ndas-audit: --model is required;",
            outcome.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "DASAUDIT_MODLE",
            (await _tool.RunAsync("needy", "--quiet")).Error,
            StringComparison.Ordinal
        );
    }
}
