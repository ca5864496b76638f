using DasAudit.Cli.Commands.Evaluate;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Recall;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

public sealed class RecallViewTests
{
    [Fact]
    public void Each_limit_has_a_row_a_method()
    {
        var (table, _) = Show(0.97, 0.5);

        Assert.Contains("50 (50%)", table);
        Assert.Contains("10 (10%)", table);
        Assert.Contains("0.97", table);
        Assert.Contains("35%", table);
    }

    [Fact]
    public void The_fewest_candidates_that_keep_the_top_are_named()
    {
        Assert.Contains(
            "das: with 50% of the pictures it still finds 0.97 (0.96 … 0.98) of its first 10, for 35% of the "
                + "gradients.",
            Show(0.97, 0.5).Words
        );
        Assert.Contains("das: with 10% of the pictures", Show(0.97, 0.95).Words);
    }

    /// <summary>An interval that holds 0.9 keeps nothing for sure.</summary>
    [Fact]
    public void Where_none_does_that_is_said() =>
        Assert.Contains("das: no smaller limit keeps 90% of its first pictures.", Show(0.905, 0.97).Words);

    private static (string Table, string Words) Show(double half, double tenth)
    {
        using var tool = new Tool();
        using var table = new StringWriter { NewLine = "\n" };
        using var words = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(table, words);
        var result = new RecallResult
        {
            ModelSha256 = new('a', 64),
            DatasetRoot = new('b', 64),
            Pictures = 100,
            Queries = 4,
            Background = 0,
            UsualLimit = 1000,
            GradientSeconds = 12.5,
            Encoders = [new("clip", new('c', 64), [Limit(100, 1, 1), Limit(50, half, 0.35), Limit(10, tenth, 0.2)])],
        };
        RecallView.Write(result, new ToolOutput(terminal, tool.Surroundings));
        return (
            table.ToString(),
            string.Join(" ", words.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );
    }

    private static LimitRecall Limit(int limit, double found, double work)
    {
        var recall = new Interval(found, found - 0.01, found + 0.01);
        TopRecall top = new(ReferenceName, 10, recall, recall);
        return new(limit, limit / 100.0, limit, work, [new("das", 1.5, [top])]);
    }

    private const string ReferenceName = "full-ranking";
}
