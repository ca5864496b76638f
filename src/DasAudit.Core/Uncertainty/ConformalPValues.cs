namespace DasAudit.Core.Uncertainty;

/// <summary>
/// Conformal p-values against decoys, pictures that the model was not trained on:
/// p_i = (1 + #{j: s(decoy_j) ≥ s_i})/(m + 1), at least 1/(m + 1). If picture i and the m decoys are exchangeable, as
/// they are when i matters to the query no more than a picture that the model never saw, then P(p_i ≤ α) ≤ α for every
/// α, whatever the scores' distribution; ties only make p larger. Decoys must come from the same source and have passed
/// the same selection as the candidates, else p means nothing.
/// </summary>
internal static class ConformalPValues
{
    public static double[] Compute(IReadOnlyList<double> scores, IReadOnlyList<double> decoys)
    {
        double[] sorted = [.. decoys.Order()];
        return [.. scores.Select(score => (1.0 + sorted.Length - Below(sorted, score)) / (sorted.Length + 1))];
    }

    /// <summary>
    /// Against decoys that resemble the query as much as the candidate does: of the same bin of similarity, the bins'
    /// borders being quantiles of the decoys' similarities. Tests for influence beyond resemblance. A bin holds about
    /// m/bins decoys, so p is coarser.
    /// </summary>
    /// <param name="bins">At least 1.</param>
    public static double[] Matched(
        IReadOnlyList<double> scores,
        IReadOnlyList<double> similarities,
        IReadOnlyList<double> decoys,
        IReadOnlyList<double> decoySimilarities,
        int bins
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        double[] sorted = [.. decoySimilarities.Order()];
        double[] borders =
            sorted.Length == 0
                ? []
                : [.. Enumerable.Range(1, bins - 1).Select(b => sorted[(int)((long)b * sorted.Length / bins)])];
        var byBin = Enumerable.Range(0, decoys.Count).ToLookup(j => Bin(decoySimilarities[j]), j => decoys[j]);
        return [.. scores.Select((score, i) => Compute([score], [.. byBin[Bin(similarities[i])]])[0])];

        int Bin(double similarity) => borders.Count(border => similarity >= border);
    }

    private static int Below(double[] sorted, double value)
    {
        var low = 0;
        var high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
