using DasAudit.Cli.Commands.Evaluate;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Evaluation.Sanity;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

public sealed class SanityViewTests
{
    [Fact]
    public void Failures_are_marked_and_said()
    {
        var (table, words) = Show();

        Assert.Contains("0.96 FAIL", table);
        Assert.Contains("0.12 ok", table);
        Assert.Contains("das-v fails queries, 0.96 (0.95 … 0.97) against 0.90: It ranks alike.", words);
        Assert.DoesNotContain("das fails", words);
    }

    [Fact]
    public void What_was_not_asked_is_said_once_for_all_methods()
    {
        var (table, words) = Show();

        Assert.Contains("canaries is not asked of das, das-v: There are none; give --held-out.", words);
        Assert.Contains("–", table);
    }

    [Fact]
    public void What_else_is_worth_knowing_of_a_method_that_passes_is_said() =>
        Assert.Contains("das passes weights, 0.50 against 0.80: Most of it is there before.", Show().Words);

    private static (string Table, string Words) Show()
    {
        using var tool = new Tool();
        using var table = new StringWriter { NewLine = "\n" };
        using var words = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(table, words);
        var output = new ToolOutput(terminal, tool.Surroundings)
        {
            WithOptionNames = text => text.Replace("{held-out}", "--held-out", StringComparison.Ordinal),
        };
        SanityView.Write(Result(), output);
        return (
            table.ToString(),
            string.Join(" ", words.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );
    }

    private static SanityResult Result() =>
        new()
        {
            ModelSha256 = new('a', 64),
            DatasetRoot = new('b', 64),
            Pictures = 100,
            Generated = 4,
            HeldOut = 0,
            Replicates = 4,
            Subsets = 0,
            Checks = [new("weights", "Q1?", "F1."), new("queries", "Q2?", "F2."), new("canaries", "Q3?", "F3.")],
            Methods =
            [
                new(
                    "das",
                    [
                        new("weights", SanityStatus.Passed)
                        {
                            Value = 0.5,
                            Threshold = 0.8,
                            Sentence = "Most of it is there before.",
                        },
                        new("queries", SanityStatus.Passed) { Value = 0.12, Threshold = 0.9 },
                        NotAsked(),
                    ]
                ),
                new(
                    "das-v",
                    [
                        new("weights", SanityStatus.Passed) { Value = 0.1, Threshold = 0.8 },
                        new("queries", SanityStatus.Failed)
                        {
                            Value = 0.96,
                            Low = 0.95,
                            High = 0.97,
                            Threshold = 0.9,
                            Sentence = "It ranks alike.",
                        },
                        NotAsked(),
                    ]
                ),
            ],
        };

    private static SanityFinding NotAsked() =>
        new("canaries", SanityStatus.NotApplicable) { Sentence = "There are none; give {held-out}." };
}
