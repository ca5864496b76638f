using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows linear datamodeling scores to a person.</summary>
internal static class LdsView
{
    // The usual truth and the one under which training seeds agree best.
    private static readonly string[] Shown = ["simple-loss", "log-loss"];

    public static void Write(LdsResult result, ToolOutput output)
    {
        output.Write(Methods(result));
        foreach (var target in result.Targets.Where(target => Shown.Contains(target.Target)))
            output.Say(Words(target));
        foreach (var difference in result.Differences)
            output.Say(
                EvaluationWords.Difference(
                    difference.A,
                    difference.B,
                    difference.Difference,
                    difference.Low,
                    difference.High
                )
            );
    }

    private static Table Methods(LdsResult result)
    {
        var table = Tables.Simple(
            new TableColumn("method"),
            new TableColumn("LDS (95 %)").RightAligned(),
            new TableColumn("generated").RightAligned(),
            new TableColumn("held-out").RightAligned(),
            new TableColumn("log loss").RightAligned(),
            new TableColumn("output change").RightAligned()
        );
        foreach (var method in result.Methods)
            table.AddRow(
                new Text(method.Method),
                new Text(EvaluationWords.Interval(method.Lds, method.Low, method.High)),
                new Text(EvaluationWords.Number(method.Generated)),
                new Text(EvaluationWords.Number(method.HeldOut)),
                new Text(EvaluationWords.Number(Of(result, "log-loss", method.Method))),
                new Text(EvaluationWords.Number(Of(result, "output-change", method.Method)))
            );
        return table;
    }

    private static double? Of(LdsResult result, string target, string method) =>
        result
            .Targets.FirstOrDefault(any => any.Target == target)
            ?.Methods.FirstOrDefault(any => any.Method == method)
            ?.Lds;

    private static string Words(LdsTarget target) =>
        target.Ceiling is { } ceiling
            ? $"{target.Target}: training seeds agree {EvaluationWords.Number(target.SeedAgreement)}, so that a "
                + $"perfect method would reach about {EvaluationWords.Number(ceiling)}."
            : $"{target.Target}: with one training seed it is not known what a perfect method would reach; "
                + "--training-seeds 2 tells.";
}
