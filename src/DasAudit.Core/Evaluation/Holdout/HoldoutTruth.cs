namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>What happened to each query when each group was left out.</summary>
/// <param name="Meaning">A sentence for people.</param>
/// <param name="BySeed">The larger, the more the query is owed to the group: [training seed][query][group].</param>
/// <param name="Floor">
/// How much another training seed alone changes, mean over pairs of seeds, by query; null with one seed.
/// </param>
internal sealed record HoldoutTruth(string Name, string Meaning, double[][][] BySeed, double[]? Floor)
{
    /// <summary>Mean over training seeds, each counted so many times; [query][group].</summary>
    public double[][] Mean(IReadOnlyList<int> counts)
    {
        double sum = counts.Sum();
        return
        [
            .. Enumerable
                .Range(0, BySeed[0].Length)
                .Select(q =>
                    Enumerable
                        .Range(0, BySeed[0][q].Length)
                        .Select(group => counts.Select((count, s) => count * BySeed[s][q][group]).Sum() / sum)
                        .ToArray()
                ),
        ];
    }

    /// <summary>Mean over training seeds, [query][group].</summary>
    public double[][] Mean() => Mean([.. BySeed.Select(_ => 1)]);
}
