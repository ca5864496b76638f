namespace DasAudit.Core.Uncertainty;

/// <summary>What a word needs: q, probability of the top N, score in standard errors, draws' correlation.</summary>
internal sealed record EvidenceBounds(
    EvidenceStrength Word,
    double MostQ,
    double LeastTop,
    double LeastErrors,
    double LeastStability
)
{
    /// <summary>The strongest first.</summary>
    public static IReadOnlyList<EvidenceBounds> All { get; } =
    [
        new(EvidenceStrength.Strong, MostQ: 0.05, LeastTop: 0.95, LeastErrors: 3, LeastStability: 0.3),
        new(EvidenceStrength.Moderate, MostQ: 0.1, LeastTop: 0.8, LeastErrors: 2, LeastStability: 0.1),
        new(EvidenceStrength.Weak, MostQ: 0.2, LeastTop: 0.5, LeastErrors: 1, LeastStability: 0),
    ];

    /// <summary>Whether a picture keeps them all; what was not measured does, since null compares false.</summary>
    public bool Keeps(EvidenceFacts facts) =>
        !(facts.QValue > MostQ * NullPool.Rounding)
        && !(facts.TopProbability < LeastTop)
        && !(facts.Score < LeastErrors * facts.StandardError)
        && !(facts.RankStability < LeastStability);
}
