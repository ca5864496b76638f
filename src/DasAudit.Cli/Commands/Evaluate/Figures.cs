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

    /// <summary>A p-value.</summary>
    public static string PValue(double value) =>
        value < 0.001 ? "p < 0.001" : "p = " + value.ToString("0.000", CultureInfo.InvariantCulture);
}
