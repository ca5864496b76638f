using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation.Outputs;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows what the change of pictures follows.</summary>
internal static class OutputsView
{
    private const string Within = "within";

    public static void Write(OutputsResult result, ToolOutput output)
    {
        output.Say(
            "How far the change of a picture correlates with that of the noise prediction and with that of the loss; "
                + "within: over models, mean over pictures; pooled: over all pairs of both."
        );
        output.Write(Correlations(result));
        foreach (var correlation in result.Correlations)
            output.Say(Words(correlation));
        if (result.Reproduced < result.Queries)
            output.Say(EvaluationWords.Reproduced(result.Reproduced, result.Queries));
    }

    private static Table Correlations(OutputsResult result)
    {
        var table = Tables.Simple(
            new TableColumn("correlation"),
            new TableColumn("prediction (95 %)").RightAligned(),
            new TableColumn("loss (95 %)").RightAligned(),
            new TableColumn("difference (95 %)").RightAligned()
        );
        foreach (var correlation in result.Correlations)
            table.AddRow(
                new Text(Name(correlation)),
                new Text(EvaluationWords.Interval(correlation.Predictions)),
                new Text(EvaluationWords.Interval(correlation.Losses)),
                new Text(EvaluationWords.Interval(correlation.Difference))
            );
        return table;
    }

    private static string Words(OutputsCorrelation correlation)
    {
        var difference = correlation.Difference;
        var figures = $"{Name(correlation)}, {EvaluationWords.Interval(difference)}";
        if (difference.Low <= 0 && difference.High >= 0)
            return $"What the change of a picture follows more is not established: {figures}.";
        var (more, less) = difference.Value > 0 ? ("noise prediction", "loss") : ("loss", "noise prediction");
        return $"The change of a picture follows the change of the {more} more than that of the {less}: {figures}.";
    }

    private static string Name(OutputsCorrelation correlation)
    {
        var kind = correlation.Kind == "pearson" ? "Pearson" : "Spearman";
        return correlation.Over == Within ? $"{kind}, within" : $"{kind}, pooled";
    }
}
