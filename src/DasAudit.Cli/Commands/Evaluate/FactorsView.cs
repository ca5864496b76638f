using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Evaluation.Factors;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Shows to a person what rankings share with the query.</summary>
internal static class FactorsView
{
    public static void Write(FactorsResult result, ToolOutput output)
    {
        foreach (var factor in result.Factors)
        {
            output.Write(Precision(factor));
            if (factor.Queries < result.Queries)
                output.Say(
                    $"{factor.Factor}: of {result.Queries} held-out pictures, {factor.Queries} have one that a "
                        + "training "
                        + "picture has too; the others are left out."
                );
        }
        output.Say(
            $"Parts of the first training pictures that share it with a held-out picture, means over "
                + $"{result.Queries} held-out pictures with 95 % intervals. This is likeness in what is stated, not "
                + "influence: a method that follows the model need not follow it."
        );
    }

    private static Table Precision(FactorPrecision factor)
    {
        var tops = factor.Methods[0].Tops.Select(top => new TableColumn($"first {top.Top}").RightAligned());
        var table = Tables.Simple([new(factor.Factor), .. tops]);
        foreach (var method in factor.Methods)
            table.AddRow([new Text(method.Method), .. method.Tops.Select(top => new Text(Words(top.Precision)))]);
        table.AddRow([
            new Text("random order"),
            .. factor.Methods[0].Tops.Select(_ => new Text(Number(factor.Chance))),
        ]);
        return table;
    }

    private static string Words(Interval interval) =>
        $"{Number(interval.Value)} ({Number(interval.Low)} … {Number(interval.High)})";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
