namespace DasAudit.Core.Uncertainty;

/// <summary>
/// The Kolmogorov–Smirnov test of whether independent values are uniform on [0, 1]: D is the largest distance of their
/// distribution from the uniform one, and p = 2·Σ_j (−1)^(j−1)·exp(−2·j²·λ²) with λ = (√n + 0.12 + 0.11/√n)·D
/// (Stephens, 1970), near enough from five values on.
/// </summary>
internal static class UniformityTest
{
    private const int Terms = 100;

    // Below this the series does not converge, and p is 1 to ten digits.
    private const double LeastArgument = 0.2;

    /// <param name="values">At least one, each in [0, 1].</param>
    public static double PValue(IReadOnlyList<double> values)
    {
        var root = Math.Sqrt(values.Count);
        var argument = (root + 0.12 + 0.11 / root) * Distance(values);
        if (argument < LeastArgument)
            return 1;
        var sum = Enumerable.Range(1, Terms).Sum(j => Sign(j) * Math.Exp(-2.0 * j * j * argument * argument));
        return Math.Clamp(2 * sum, 0, 1);
    }

    private static double Distance(IReadOnlyList<double> values)
    {
        double n = values.Count;
        return values.Order().Select((value, place) => Math.Max((place + 1) / n - value, value - place / n)).Max();
    }

    private static int Sign(int term) => term % 2 == 1 ? 1 : -1;
}
