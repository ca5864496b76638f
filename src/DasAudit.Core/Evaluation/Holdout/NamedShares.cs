namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>The shares of a method, made in one way, for all queries.</summary>
/// <param name="Name">The method's id, with the way after it where it is not that of reports.</param>
/// <param name="Damping">The rule that chose the damping; null for a method without.</param>
/// <param name="Shares">[query][group].</param>
/// <param name="Splits">[query][group]; rows are empty where no group was split.</param>
internal sealed record NamedShares(
    string Name,
    string? Damping,
    IReadOnlyList<double[]> Shares,
    IReadOnlyList<IReadOnlyList<SplitGroup>> Splits
)
{
    /// <summary>The ways of each method, after each other.</summary>
    public static IReadOnlyList<NamedShares> Of(IReadOnlyList<MethodReading<IReadOnlyList<ShareReading>>> readings) =>
        [
            .. readings.SelectMany(method =>
                method
                    .OfQueries[0]
                    .Select(
                        (way, place) =>
                            new NamedShares(
                                way.Rule is null ? method.Variant.Id : $"{method.Variant.Id} ({way.Rule})",
                                method.Damping,
                                [.. method.OfQueries.Select(query => query[place].Shares)],
                                [.. method.OfQueries.Select(query => query[place].Splits)]
                            )
                    )
            ),
        ];

    /// <summary>What splitting does.</summary>
    /// <param name="draws">Bootstrap draws, of queries.</param>
    public SplittingResult Splitting(int draws, long seed)
    {
        double[] rises = [.. Splits.Select(ofQuery => ofQuery.Average(split => split.Rise))];
        var all = Splits.SelectMany(ofQuery => ofQuery).ToList();
        var told = all.Select(split => split.IsBeyond).OfType<bool>().ToList();
        return new(
            Name,
            new QueryBootstrap(rises.Length, draws, seed).Mean(rises),
            all.Select(split => split.Rise).MaxBy(Math.Abs),
            told.Count == 0 ? null : told.Count(isBeyond => isBeyond) / (double)told.Count
        );
    }
}
