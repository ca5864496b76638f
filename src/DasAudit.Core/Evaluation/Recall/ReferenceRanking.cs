using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Recall;

/// <summary>A ranking of all training pictures for each query, whose top is to be found again.</summary>
/// <param name="Name">In documents.</param>
/// <param name="Scores">[query][training picture].</param>
internal sealed record ReferenceRanking(string Name, IReadOnlyList<double[]> Scores)
{
    /// <summary>The top of a method's own ranking of all pictures.</summary>
    public const string Full = "full-ranking";

    /// <summary>How much of the top is left for a query.</summary>
    /// <param name="top">At most the number of training pictures.</param>
    /// <param name="candidates">Numbers of the training pictures that were scored.</param>
    /// <param name="scores">Theirs, in the same order.</param>
    public (double AmongCandidates, double InRanking) Left(
        int query,
        int top,
        IReadOnlyList<int> candidates,
        IReadOnlyList<double> scores
    )
    {
        var wanted = Ranking.Top(Scores[query], top);
        var ranked = Ranking.Top(scores, top).Select(place => candidates[place]);
        return (Part(wanted.Intersect(candidates)), Part(wanted.Intersect(ranked)));

        double Part(IEnumerable<int> found) => (double)found.Count() / top;
    }
}
