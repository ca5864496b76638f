using DasAudit.Cli.Commands.Evaluate;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Counterfactual;
using DasAudit.Core.Evaluation.Outputs;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

public class EvaluationViewTests
{
    private static readonly Interval Clear = new(2, 1, 3);
    private static readonly Interval Open = new(0.5, -1, 2);

    [Fact]
    public void Counterfactuals_are_a_table_and_a_sentence_for_each_test()
    {
        var (data, messages) = Shown(output =>
            CounterfactualView.Write(
                Counterfactual(
                    new("das", "random", Clear, 0.0004),
                    new("pva", "random", Clear, 0.2),
                    new("pva", "das", new(-2, -3, -1), 0.01)
                ),
                output
            )
        );

        Assert.Contains("nothing, other seed", data);
        // Half as much as random removal.
        Assert.Contains("0.500", data);
        Assert.Contains(
            "das changes pictures more than random: das − random is 2.000 (1.000 … 3.000), p < 0.001.",
            messages
        );
        Assert.Contains(
            "Whether pva or random changes pictures more is not established: 2.000 (1.000 … 3.000), p = 0.200.",
            messages
        );
        Assert.Contains("das changes pictures more than pva: pva − das is -2.000", messages);
        Assert.Contains("What das puts first for a picture changes that more than others: by 2.000", messages);
        Assert.Contains("Without 6 training pictures", messages);
        Assert.Contains("The model generates 1 of the 2 pictures again as they are", messages);
    }

    [Fact]
    public void Outputs_are_a_table_and_a_sentence_for_each_correlation()
    {
        var result = new OutputsResult
        {
            ModelSha256 = "m",
            DatasetRoot = "r",
            Subsets = 32,
            Part = 0.5,
            TrainingSeeds = [0],
            Queries = 2,
            Reproduced = 2,
            Timesteps = [10],
            Draws = 1,
            Correlations =
            [
                new("within", "pearson", Clear, Clear, Clear),
                new("pooled", "spearman", Clear, Clear, Open),
                new("pooled", "pearson", Clear, Clear, new(-2, -3, -1)),
            ],
        };

        var (data, messages) = Shown(output => OutputsView.Write(result, output));

        Assert.Contains("Pearson, within", data);
        Assert.Contains(
            "follows the change of the noise prediction more than that of the loss: Pearson, within",
            messages
        );
        Assert.Contains("What the change of a picture follows more is not established: Spearman, pooled", messages);
        Assert.Contains(
            "follows the change of the loss more than that of the noise prediction: Pearson, pooled",
            messages
        );
        Assert.DoesNotContain("again as they are", messages);
    }

    private static CounterfactualResult Counterfactual(params IReadOnlyList<PairedTest> tests) =>
        new()
        {
            ModelSha256 = "m",
            DatasetRoot = "r",
            Fraction = 0.1,
            LeftOut = 6,
            Queries = ["a.png", "b.png"],
            Reproduced = 1,
            TrainingSeeds = [0],
            Models = 9,
            Removals = [],
            Measures =
            [
                new(
                    "pixel-l2",
                    "Meaning.",
                    [
                        new("das", Clear, Clear, Open, new("das", "controls", Clear, 0.01), [1, 3]),
                        new("random", new(4, 3, 5), Clear, null, null, [1, 3]),
                        new("other-seed", Clear, Clear, null, null, [1, 3]),
                    ],
                    tests
                ),
            ],
        };

    private static (string Data, string Messages) Shown(Action<ToolOutput> write)
    {
        using var tool = new Tool();
        using var data = new StringWriter();
        using var messages = new StringWriter();
        using var terminal = new Terminal(data, messages);
        write(new ToolOutput(terminal, tool.Surroundings));
        return (
            data.ToString(),
            string.Join(' ', messages.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        );
    }
}
