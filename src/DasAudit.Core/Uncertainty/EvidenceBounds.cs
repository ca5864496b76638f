namespace DasAudit.Core.Uncertainty;

/// <summary>What a picture must reach to be called by a word.</summary>
/// <param name="MostQ">The largest q-value.</param>
/// <param name="LeastTop">The least probability of the top N.</param>
/// <param name="LeastErrors">The least score in standard errors.</param>
/// <param name="LeastStability">The least rank correlation between noise draws.</param>
internal sealed record EvidenceBounds(
    EvidenceStrength Word,
    double MostQ,
    double LeastTop,
    double LeastErrors,
    double LeastStability
)
{
    /// <summary>The bounds of each word, the strongest first.</summary>
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
