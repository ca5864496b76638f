namespace DasAudit.Core.Evaluation;

/// <summary>A figure with the middle 95 % of its bootstrap draws.</summary>
public sealed record Interval(double Value, double Low, double High)
{
    private const double Tail = 0.025;

    /// <summary>A figure and what it was in each draw.</summary>
    internal static Interval Of(double value, IEnumerable<double> draws)
    {
        double[] ordered = [.. draws.Order()];
        return new(value, Quantile(ordered, Tail), Quantile(ordered, 1 - Tail));
    }

    private static double Quantile(double[] ordered, double part)
    {
        var place = part * (ordered.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, ordered.Length - 1);
        return ordered[below] + (place - below) * (ordered[above] - ordered[below]);
    }
}
