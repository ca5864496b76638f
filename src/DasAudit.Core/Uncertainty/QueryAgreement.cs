namespace DasAudit.Core.Uncertainty;

/// <summary>
/// How far a method ranks the candidates alike whatever picture it is asked about. Scores that say the same of every
/// picture say nothing of this one.
/// </summary>
/// <param name="Spearman">Mean rank correlation of the audited picture's ranking with the other queries'.</param>
/// <param name="Queries">Number of other queries.</param>
public sealed record QueryAgreement(double Spearman, int Queries)
{
    /// <summary>From here on rankings are the same.</summary>
    internal const double Alike = 0.9;

    // Of fewer candidates rankings agree by chance.
    private const int LeastCandidates = 10;

    /// <summary>Whether the ranking is that of the other queries.</summary>
    internal bool IsAlike => Spearman >= Alike;

    /// <summary>Null without other queries, and with too few candidates to tell.</summary>
    /// <param name="byQuery">Scores of the candidates, [query][candidate], the audited picture's first.</param>
    internal static QueryAgreement? Of(IReadOnlyList<IReadOnlyList<double>> byQuery)
    {
        if (byQuery.Count < 2 || byQuery[0].Count < LeastCandidates)
            return null;
        var spearman = byQuery.Skip(1).Average(scores => Ranking.Spearman(byQuery[0], scores));
        return new(spearman, byQuery.Count - 1);
    }
}
