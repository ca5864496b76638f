namespace DasAudit.Core.Uncertainty;

/// <summary>
/// q-values: the smallest rate of false discoveries at which a picture would be a discovery,
/// q_(i) = min_{j ≥ i} c·n·p_(j)/j over the n p-values in rising order, at most 1.
/// </summary>
internal static class FalseDiscovery
{
    /// <summary>Takes all p-values that were looked at; leaving some out by score beforehand makes q wrong.</summary>
    public static double[] QValues(
        IReadOnlyList<double> pValues,
        FalseDiscoveryControl control = FalseDiscoveryControl.BenjaminiHochberg
    )
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var n = pValues.Count;
        var factor = Factor(n, control);
        var order = Enumerable.Range(0, n).OrderBy(i => pValues[i]).ToArray();
        var q = new double[n];
        var least = 1.0;
        for (var rank = n; rank >= 1; rank--)
        {
            least = Math.Min(least, factor * n * pValues[order[rank - 1]] / rank);
            q[order[rank - 1]] = least;
        }

        return q;
    }

    internal static double Factor(int n, FalseDiscoveryControl control) =>
        control == FalseDiscoveryControl.BenjaminiYekutieli ? Enumerable.Range(1, n).Sum(i => 1.0 / i) : 1;
}

/// <summary>How the rate of false discoveries is controlled.</summary>
public enum FalseDiscoveryControl
{
    /// <summary>Benjamini and Hochberg (1995), c = 1: for positively dependent p-values, as of shared decoys.</summary>
    BenjaminiHochberg,

    /// <summary>Benjamini and Yekutieli (2001), c = Σ 1/i: for any dependence, with fewer discoveries.</summary>
    BenjaminiYekutieli,
}
