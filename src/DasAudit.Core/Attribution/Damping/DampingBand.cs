using System.Globalization;
using DasAudit.Core.Attribution.Kernel;

namespace DasAudit.Core.Attribution.Damping;

/// <summary>
/// No choice: nine λ in a geometric grid between those with df(λ) = LOW·r and HIGH·r, r the rank of the features.
/// <see cref="BandAverage"/> averages scores over them, and their spread says how much the choice would have mattered.
/// </summary>
/// <param name="Low">LOW, more than 0. Default 0.05.</param>
/// <param name="High">HIGH, less than 1. Default 0.5.</param>
internal sealed record DampingBand(double Low = 0.05, double High = 0.5) : IDampingRule
{
    private const int Values = 9;

    public IReadOnlyList<double> Choose(DampingProblem problem) => Grid(problem.Kernel, Low, High, Values);

    public override string ToString() =>
        (Low, High) == (0.05, 0.5)
            ? "band"
            : string.Create(CultureInfo.InvariantCulture, $"band:{Low:0.################}-{High:0.################}");

    /// <summary>Rising λ, each the same factor above the last.</summary>
    internal static double[] Grid(RidgeKernel kernel, double low, double high, int values)
    {
        var least = DegreesOfFreedom.Solve(kernel, high);
        var most = DegreesOfFreedom.Solve(kernel, low);
        return [.. Enumerable.Range(0, values).Select(i => least * Math.Pow(most / least, (double)i / (values - 1)))];
    }
}
