using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Settings;

public sealed class PrecedenceTests : IDisposable
{
    private readonly Tool _tool = new()
    {
        Replace = services => services.AddCommand<ProbeCommand>().AddCommand<NeedyCommand>(),
    };

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task The_command_line_goes_before_the_environment_before_the_file_before_the_default()
    {
        Assert.Equal(20, (await _tool.RunAsync("probe")).Json().GetProperty("top").GetInt32());

        _tool.Write("das-audit.json", """{"top": 1}""");
        var file = (await _tool.RunAsync("probe")).Json();
        Assert.Equal(1, file.GetProperty("top").GetInt32());
        Assert.Equal("'top' in das-audit.json", file.GetProperty("topSource").GetString());

        _tool.Variables["DASAUDIT_TOP"] = "2";
        Assert.Equal(2, (await _tool.RunAsync("probe")).Json().GetProperty("top").GetInt32());
        Assert.Equal(3, (await _tool.RunAsync("probe", "--top", "3")).Json().GetProperty("top").GetInt32());
    }

    [Fact]
    public async Task In_the_file_the_command_s_own_object_goes_before_the_top()
    {
        _tool.Write("das-audit.json", """{"probe": {"top": 7, "seed": 9}, "top": 1, /* a remark */ "seed": 1,}""");
        var values = (await _tool.RunAsync("probe")).Json();
        Assert.Equal(7, values.GetProperty("top").GetInt32());
        Assert.Equal(9, values.GetProperty("seed").GetInt64());
    }

    [Fact]
    public async Task Every_kind_of_setting_can_stand_in_every_source()
    {
        const string expected =
            """{"top":5,"part":0.25,"title":"a b","kind":"fancy","owners":["X, Inc.","Y"],"""
            + "\"numbers\":[3,1,2],\"strict\":true,\"seed\":3}";
        Assert.Equal(
            expected,
            Squeezed(
                await _tool.RunAsync(
                    "probe",
                    "--top",
                    "5",
                    "--part",
                    "0.25",
                    "--title",
                    "a b",
                    "--kind",
                    "FANCY",
                    "--include-owner",
                    "X, Inc.",
                    "--include-owner",
                    "Y",
                    "--number",
                    "3,1",
                    "--number",
                    "2",
                    "--strict",
                    "--seed",
                    "3"
                )
            )
        );

        _tool.Write(
            "other.json",
            """
            {"top": 5, "part": 0.25, "title": "a b", "kind": "fancy",
             "include-owner": ["X, Inc.", "Y"], "number": [3, "1,2"], "strict": true, "seed": 3}
            """
        );
        Assert.Equal(expected, Squeezed(await _tool.RunAsync("probe", "--config", "other.json")));

        foreach (
            var (name, value) in new[]
            {
                ("TOP", "5"),
                ("PART", "0.25"),
                ("TITLE", "a b"),
                ("KIND", "fancy"),
                ("INCLUDE_OWNER", "X, Inc.; Y"),
                ("NUMBER", "3, 1,2"),
                ("STRICT", "1"),
                ("SEED", "3"),
            }
        )
            _tool.Variables["DASAUDIT_" + name] = value;
        Assert.Equal(expected, Squeezed(await _tool.RunAsync("probe")));
    }

    /// <summary>The parser would give both the value of the first.</summary>
    [Fact]
    public void A_command_has_no_two_options_of_one_name() =>
        Assert.Equal(
            "'twice' has two options --top.",
            Assert.Throws<InvalidOperationException>(() => new TwiceCommand().AddSymbols()).Message
        );

    [Fact]
    public async Task A_flag_can_be_taken_back_on_the_command_line()
    {
        _tool.Variables["DASAUDIT_STRICT"] = "true";
        Assert.True((await _tool.RunAsync("probe")).Json().GetProperty("strict").GetBoolean());
        Assert.False((await _tool.RunAsync("probe", "--strict=false")).Json().GetProperty("strict").GetBoolean());
    }

    [Fact]
    public async Task A_flag_does_not_swallow_the_word_after_it()
    {
        var outcome = await _tool.RunAsync("--quiet", "probe", "--strict", "--top", "4");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(4, outcome.Json().GetProperty("top").GetInt32());
    }

    [Fact]
    public async Task An_empty_environment_variable_says_nothing()
    {
        _tool.Variables["DASAUDIT_TOP"] = "";
        Assert.Equal(20, (await _tool.RunAsync("probe")).Json().GetProperty("top").GetInt32());
    }

    [Fact]
    public async Task The_file_can_be_named_by_the_environment()
    {
        _tool.Write("elsewhere/my.json", """{"top": 8}""");
        _tool.Write("das-audit.json", """{"top": 9}""");
        _tool.Variables["DASAUDIT_CONFIG"] = "elsewhere/my.json";
        Assert.Equal(8, (await _tool.RunAsync("probe")).Json().GetProperty("top").GetInt32());
    }

    [Fact]
    public async Task A_required_setting_may_come_from_any_source_but_must_come_from_one()
    {
        var missing = await _tool.RunAsync("needy");
        Assert.Equal(64, missing.ExitCode);
        Assert.StartsWith(
            "das-audit: --model is required; give it on the command line, as DASAUDIT_MODEL or as \"model\" "
                + "in das-audit.json.\n",
            missing.Error,
            StringComparison.Ordinal
        );

        _tool.Write("das-audit.json", """{"model": "unet"}""");
        Assert.Equal("unet", (await _tool.RunAsync("needy")).Out);
        _tool.Variables["DASAUDIT_MODEL"] = "other";
        Assert.Equal("other", (await _tool.RunAsync("needy")).Out);
    }

    [Theory]
    [InlineData("--top", "0", "--top takes a whole number from 1 to 100, not '0'.")]
    [InlineData("--top", "ten", "--top takes a whole number from 1 to 100, not 'ten'.")]
    [InlineData("--top", "1.5", "--top takes a whole number from 1 to 100, not '1.5'.")]
    [InlineData("--part", "2", "--part takes a number from 0 to 1, not '2'.")]
    [InlineData("--part", "NaN", "--part takes a number from 0 to 1, not 'NaN'.")]
    [InlineData("--number", "1,,2", "--number takes numbers, not ''.")]
    [InlineData("--kind", "odd", "--kind takes one of plain, fancy, not 'odd'.")]
    [InlineData("--title", "", "--title must not be empty.")]
    [InlineData("--seed", "-1", "--seed takes a whole number of at least 0, not '-1'.")]
    [InlineData("--threads", "0", "--threads takes a whole number from 1 to 1024, not '0'.")]
    public async Task A_bad_value_names_the_option_and_the_range(string option, string value, string sentence)
    {
        var outcome = await _tool.RunAsync("probe", option, value);
        Assert.Equal(64, outcome.ExitCode);
        Assert.Equal($"das-audit: {sentence}\nRun 'dotnet das-audit probe --help' for help.\n", outcome.Error);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task A_bad_value_elsewhere_names_where_it_stands()
    {
        _tool.Variables["DASAUDIT_PART"] = "much";
        _tool.Write("das-audit.json", """{"probe": {"top": 0}, "kind": ["plain", "fancy"]}""");
        var outcome = await _tool.RunAsync("probe");
        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains(
            "das-audit: 'probe.top' in das-audit.json takes a whole number from 1 to 100, not '0'.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "das-audit: DASAUDIT_PART takes a number from 0 to 1, not 'much'.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "das-audit: 'kind' in das-audit.json takes one value, not 2.\n",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_bad_value_that_a_stronger_source_overrides_does_not_matter()
    {
        _tool.Variables["DASAUDIT_TOP"] = "nonsense";
        Assert.Equal(4, (await _tool.RunAsync("probe", "--top", "4")).Json().GetProperty("top").GetInt32());
    }

    private static string Squeezed(Outcome outcome) =>
        string.Concat(
                outcome
                    .Out.Split('\n')
                    .Where(line => !line.Contains("topSource", StringComparison.Ordinal))
                    .Select(line => line.Trim().Replace("\": ", "\":", StringComparison.Ordinal))
            )
            .Replace(",}", "}", StringComparison.Ordinal);

    private sealed class TwiceCommand() : ToolCommand("twice", "Has an option twice.")
    {
        protected override IReadOnlyList<ISetting> Settings =>
            [Setting.Flag("--top", "One"), Setting.Flag("--other", "Two"), Setting.Flag("--top", "Three")];

        public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation) =>
            throw new InvalidOperationException("It is not run.");
    }
}
