using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation.Counterfactual;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows what became of pictures without those that methods put first.</summary>
internal static class CounterfactualView
{
    private const string Random = "random";
    private const string OtherSeed = "other-seed";

    public static void Write(CounterfactualResult result, ToolOutput output)
    {
        foreach (var measure in result.Measures)
        {
            output.Say(measure.Meaning);
            output.Write(Changes(measure));
        }
        output.Say(
            $"Without {Numbers.Count(result.LeftOut, "training picture")}, by the change of the picture (L2), over "
                + $"{Numbers.Count(result.Queries.Count, "generated picture")}:"
        );
        var pictures = result.Measures[0];
        foreach (var test in pictures.Tests)
            output.Say(Words(test));
        foreach (var change in pictures.Changes)
            if (change.Specificity is { } specificity)
                output.Say(Words(change.Removal, specificity));
        output.Say(Floor(pictures));
        if (result.Reproduced < result.Queries.Count)
            output.Say(EvaluationWords.Reproduced(result.Reproduced, result.Queries.Count));
    }

    private static Table Changes(CounterfactualMeasure measure)
    {
        var random = Of(measure, Random);
        var table = Tables.Simple(
            new TableColumn("left out by"),
            new TableColumn("change (95 %)").RightAligned(),
            new TableColumn("median").RightAligned(),
            new TableColumn("× random").RightAligned(),
            new TableColumn("other pictures (95 %)").RightAligned()
        );
        foreach (var change in measure.Changes)
            table.AddRow(
                new Text(change.Removal == OtherSeed ? "nothing, other seed" : change.Removal),
                new Text(EvaluationWords.Interval(change.Mean)),
                new Text(EvaluationWords.Number(change.Median.Value)),
                new Text(Times(change, random)),
                new Text(change.Controls is { } controls ? EvaluationWords.Interval(controls) : "–")
            );
        return table;
    }

    private static string Words(PairedTest test)
    {
        var figures = $"{EvaluationWords.Interval(test.Difference)}, {EvaluationWords.PValue(test.PValue)}";
        if (!test.IsEstablished)
            return $"Whether {test.A} or {test.B} changes pictures more is not established: {figures}.";
        var (more, less) = test.Difference.Value > 0 ? (test.A, test.B) : (test.B, test.A);
        return $"{more} changes pictures more than {less}: {test.A} − {test.B} is {figures}.";
    }

    private static string Words(string method, PairedTest test)
    {
        var figures = $"{EvaluationWords.Interval(test.Difference)}, {EvaluationWords.PValue(test.PValue)}";
        if (!test.IsEstablished)
            return $"Whether what {method} puts first for a picture changes that more than others is not established: "
                + $"{figures}.";
        return test.Difference.Value > 0
            ? $"What {method} puts first for a picture changes that more than others: by {figures}."
            : $"What {method} puts first for a picture changes others more than that: by {figures}.";
    }

    private static string Floor(CounterfactualMeasure measure)
    {
        var (seed, random) = (Of(measure, OtherSeed), Of(measure, Random));
        var change = EvaluationWords.Number(seed.Mean.Value);
        return $"Another training seed alone, with all pictures, changes a picture by {change}, "
            + $"{Times(seed, random)} times as much as random removal; that is what comparing models of different "
            + "seeds would add.";
    }

    private static RemovalChange Of(CounterfactualMeasure measure, string removal) =>
        measure.Changes.Single(change => change.Removal == removal);

    private static string Times(RemovalChange change, RemovalChange random) =>
        random.Mean.Value > 0 ? EvaluationWords.Number(change.Mean.Value / random.Mean.Value) : "–";
}
