using System.Globalization;
using DasAudit.Core.Evaluation;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>Figures of evaluations, and sentences about them.</summary>
internal static class EvaluationWords
{
    public static string Number(double? value) =>
        value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    public static string Interval(double value, double low, double high) =>
        $"{Number(value)} ({Number(low)} … {Number(high)})";

    public static string Interval(Interval value) => Interval(value.Value, value.Low, value.High);

    public static string PValue(double value) => value < 0.001 ? "p < 0.001" : $"p = {Number(value)}";

    /// <summary>What it means that not all queries come out of the model again.</summary>
    public static string Reproduced(int reproduced, int queries) =>
        $"The model generates {reproduced} of the {queries} pictures again as they are; the others stand for pictures "
        + "from the same seeds under other settings.";

    /// <summary>Which of two methods is better, where the interval of a − b tells.</summary>
    public static string Difference(string a, string b, double difference, double low, double high)
    {
        var (better, worse) = difference >= 0 ? (a, b) : (b, a);
        var interval = Interval(difference, low, high);
        return low > 0 || high < 0
            ? $"{better} is above {worse}: {a} − {b} is {interval}."
            : $"Whether {a} or {b} is better is not established: {interval}.";
    }
}
