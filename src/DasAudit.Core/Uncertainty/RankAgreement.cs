namespace DasAudit.Core.Uncertainty;

/// <summary>How far two methods agree on the candidates of one query.</summary>
/// <param name="A">Id of one method.</param>
/// <param name="B">Id of the other.</param>
/// <param name="Spearman">Rank correlation over all candidates, −1 … 1.</param>
/// <param name="Kendall">τ_b over all candidates, −1 … 1.</param>
/// <param name="Top">N: length of the top lists, at most the number of candidates.</param>
/// <param name="TopOverlap">Part of the top N that both have, 0 … 1; N/n for two random orders of n candidates.</param>
public sealed record RankAgreement(string A, string B, double Spearman, double Kendall, int Top, double TopOverlap)
{
    /// <summary>Compares the methods of ids a and b by their scores of the same candidates.</summary>
    /// <param name="top">N, at least 1.</param>
    public static RankAgreement Between(
        string a,
        IReadOnlyList<double> scoresA,
        string b,
        IReadOnlyList<double> scoresB,
        int top
    )
    {
        ArgumentNullException.ThrowIfNull(scoresA);
        ArgumentNullException.ThrowIfNull(scoresB);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scoresB.Count, scoresA.Count);
        var length = Math.Min(top, scoresA.Count);
        var common = Ranking.Top(scoresA, length).Intersect(Ranking.Top(scoresB, length)).Count();
        return new(
            a,
            b,
            Ranking.Spearman(scoresA, scoresB),
            Ranking.Kendall(scoresA, scoresB),
            length,
            length == 0 ? 1 : (double)common / length
        );
    }
}
