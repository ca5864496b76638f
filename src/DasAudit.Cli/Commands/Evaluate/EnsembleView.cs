using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation.Ensembles;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows what pictures are worth to an ensemble to a person.</summary>
internal static class EnsembleView
{
    // The JSON form has all.
    private const int MostGroups = 20;

    public static void Write(EnsembleResult result, ToolOutput output)
    {
        output.Write(Methods(result));
        if (result.Pools.Count > 1)
            output.Write(Pools(result));
        if (result.Groups.Count > 0)
            output.Write(Groups(result));
        foreach (var finding in result.Findings.Where(finding => finding.Method is null))
            output.Say(finding.Sentence);
        output.Say(Ceiling(result));
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

    private static Table Methods(EnsembleResult result)
    {
        var table = Tables.Simple(
            new TableColumn("method"),
            new TableColumn("agreement (95 %)").RightAligned(),
            new TableColumn("generated").RightAligned(),
            new TableColumn("held-out").RightAligned(),
            new TableColumn("groups").RightAligned()
        );
        foreach (var method in result.Methods)
            table.AddRow(
                new Text(method.Method),
                new Text(EvaluationWords.Interval(method.Spearman, method.Low, method.High)),
                new Text(EvaluationWords.Number(method.Generated)),
                new Text(EvaluationWords.Number(method.HeldOut)),
                new Text(EvaluationWords.Number(method.Groups))
            );
        return table;
    }

    private static Table Pools(EnsembleResult result)
    {
        var table = Tables.Simple(
            new TableColumn("pictures").RightAligned(),
            new TableColumn("effect of one, of the loss (95 %)").RightAligned(),
            new TableColumn("queries with a picture that stands out").RightAligned()
        );
        foreach (var pool in result.Pools)
            table.AddRow(
                new Text(pool.Pictures.ToString(CultureInfo.InvariantCulture)),
                new Text($"{Percent(pool.Effect)} ({Percent(pool.EffectLow)} … {Percent(pool.EffectHigh)})"),
                new Text($"{pool.Attributable} of {result.Queries.Count}")
            );
        return table;
    }

    private static Table Groups(EnsembleResult result)
    {
        var table = Tables.Simple(
            new TableColumn("group"),
            new TableColumn("pictures").RightAligned(),
            new TableColumn("members without").RightAligned(),
            new TableColumn("effect, of the loss").RightAligned(),
            new TableColumn("queries above chance").RightAligned()
        );
        foreach (var group in result.Groups.OrderByDescending(group => group.Effect).Take(MostGroups))
            table.AddRow(
                Tables.Foreign(group.Key),
                new Text(group.Pictures.ToString(CultureInfo.InvariantCulture)),
                new Text(group.MembersWithout.ToString(CultureInfo.InvariantCulture)),
                new Text(group.Effect is { } effect ? Percent(effect) : "cannot be told"),
                new Text(group.Effect is null ? "–" : $"{group.Attributable} of {result.Queries.Count}")
            );
        return table;
    }

    private static string Ceiling(EnsembleResult result) =>
        result.Ceiling is { } ceiling
            ? $"Halves of the members agree {EvaluationWords.Number(result.HalvesAgreement)} on pictures' "
                + $"effects, so that a perfect method would reach about {EvaluationWords.Number(ceiling)}."
            : "With so few members it is not known what a perfect method would reach; --members gives more.";

    private static string Percent(double part) =>
        part.ToString("0.###%", CultureInfo.InvariantCulture).Replace("%", " %");
}
