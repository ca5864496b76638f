namespace DasAudit.Core.Uncertainty;

/// <summary>
/// A null distribution from other queries: a picture that matters to every generated picture alike, because its
/// gradient is large, matters to this one no more than by chance. p_i = (1 + #{z': s(z', i) ≥ s(z, i)})/(m + 1) over m
/// other queries z', such as pictures of other seeds. Tests whether the picture is specific to this query, not whether
/// the model was trained on it.
/// </summary>
internal static class QueryPermutation
{
    /// <summary>The p-values of the first query.</summary>
    /// <param name="byQuery">Scores of the same pictures, the audited query first. Where queries differ in overall
    /// size, give <see cref="TwoWayStandardisation.ByQuery"/>.</param>
    public static double[] PValues(IReadOnlyList<IReadOnlyList<double>> byQuery)
    {
        var others = byQuery.Skip(1).ToList();
        return [.. byQuery[0].Select(PValue)];

        double PValue(double score, int picture) =>
            (1.0 + others.Count(scores => scores[picture] >= score)) / (others.Count + 1);
    }
}
