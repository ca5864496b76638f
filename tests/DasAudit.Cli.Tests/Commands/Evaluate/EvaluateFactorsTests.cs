using DasAudit.Cli.Commands.Evaluate;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Evaluation.Factors;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused and shown; Core's tests hold the figures.</summary>
public sealed class EvaluateFactorsTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Held_out_pictures_are_needed() =>
        await RefuseAsync("Give --model, --dataset and --held-out,", "--by", "class");

    [Fact]
    public async Task By_what_is_needed() => await RefuseAsync("--by rights-holder|license", "--held-out", "h");

    [Fact]
    public async Task It_is_one_of_the_keys() =>
        await RefuseAsync("'colour' is nothing to group by", "--held-out", "h", "--by", "colour");

    [Fact]
    public void Each_factor_has_a_table_with_chance_beside_it()
    {
        using var table = new StringWriter { NewLine = "\n" };
        using var words = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(table, words);
        var result = new FactorsResult
        {
            ModelSha256 = new('a', 64),
            DatasetRoot = new('b', 64),
            Pictures = 64,
            Queries = 8,
            Factors = [new("class", 6, 0.25, [new("das", [new(1, new(1, 1, 1)), new(10, new(0.74, 0.6, 0.81))])])],
        };

        FactorsView.Write(result, new ToolOutput(terminal, _tool.Surroundings));

        Assert.Matches("das +1.00 \\(1.00 … 1.00\\) +0.74 \\(0.60 … 0.81\\)", table.ToString());
        Assert.Matches("random order +0.25 +0.25", table.ToString());
        Assert.Contains("of 8 held-out pictures, 6 have one", words.ToString().ReplaceLineEndings(" "));
    }

    private async Task RefuseAsync(string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync([
            "evaluate",
            "factors",
            "--model",
            "m",
            "--dataset",
            "d",
            "--study",
            "s",
            .. args,
        ]);

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
