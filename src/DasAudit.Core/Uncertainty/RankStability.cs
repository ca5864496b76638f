using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Uncertainty;

/// <summary>How far the rankings of single noise draws agree, averaged over all pairs of draws.</summary>
/// <param name="Spearman">Mean rank correlation over all candidates, −1 … 1.</param>
/// <param name="Jaccard">Mean |A ∩ B|/|A ∪ B| of the top lists, 0 … 1.</param>
/// <param name="Top">N: length of the top lists, at most the number of candidates.</param>
public sealed record RankStability(double Spearman, double Jaccard, int Top)
{
    /// <summary>Compares the noise draws of one query; null with a single one.</summary>
    /// <param name="count">Takes the first pictures alone: the members.</param>
    /// <param name="top">N, at least 1.</param>
    internal static RankStability? Of(QueryScores scores, int count, int top)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.ByReplicate.Count < 2)
            return null;
        var draws = scores.ByReplicate.Select(values => values[..count]).ToList();
        var pairs = draws.SelectMany((a, i) => draws.Skip(i + 1).Select(b => (A: a, B: b))).ToList();
        return new(
            pairs.Average(pair => Ranking.Spearman(pair.A, pair.B)),
            pairs.Average(pair => Ranking.Jaccard(pair.A, pair.B, top)),
            Math.Min(top, count)
        );
    }
}
