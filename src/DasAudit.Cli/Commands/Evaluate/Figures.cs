using System.Globalization;
using DasAudit.Core.Evaluation;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Figures of evaluations as a person reads them.</summary>
internal static class Figures
{
    /// <summary>With three digits after the point.</summary>
    public static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A figure with its interval.</summary>
    public static string Interval(Interval value) =>
        $"{Number(value.Value)} ({Number(value.Low)} … {Number(value.High)})";

    /// <summary>What it means that not all queries come out of the model again.</summary>
    public static string Reproduced(int reproduced, int queries) =>
        $"The model generates {reproduced} of the {queries} pictures again as they are; the others stand for pictures "
        + "from the same seeds under other settings.";

    /// <summary>A p-value.</summary>
    public static string PValue(double value) =>
        value < 0.001 ? "p < 0.001" : "p = " + value.ToString("0.000", CultureInfo.InvariantCulture);
}
