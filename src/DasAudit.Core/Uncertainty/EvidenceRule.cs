namespace DasAudit.Core.Uncertainty;

/// <summary>
/// The one place that says when evidence is strong, moderate, weak or not established. Strong evidence is more than
/// chance (q), ranks high whatever the noise (probability of the top N), is larger than its error, and stands in a
/// ranking that noise does not overturn. The bounds are conventions: 5, 10 and 20 % are the usual rates of false
/// discoveries; 3, 2 and 1 standard errors the usual margins. The bounds on the rank correlation are low, for where few
/// pictures matter the order of all others is noise: they only keep out rankings that are all noise.
/// </summary>
internal static class EvidenceRule
{
    /// <summary>
    /// The strongest word all of whose bounds are kept. What was not measured cannot fail a bound, but limits the word:
    /// without a null pool or with a single noise draw to weak, with other queries in place of decoys to moderate, and
    /// with neither a null pool nor several noise draws nothing is established.
    /// <para>A null pool can speak against a picture only by what it measured. Of n candidates one that beats all m
    /// decoys has q = n/(m + 1) if no other does, however true it is; so a q too large for a picture that none beats is
    /// the pool's smallness, and it is judged as if there were no pool. One that is beaten keeps its q. Hence decoys
    /// can only weaken the word of pictures that they beat, and since q never falls where p rises, a larger p never
    /// brings a stronger word.</para>
    /// </summary>
    public static EvidenceStrength Judge(EvidenceFacts facts)
    {
        if (!(facts.Score > 0))
            return EvidenceStrength.NotEstablished;
        var word =
            EvidenceBounds.All.FirstOrDefault(bounds => bounds.Keeps(facts))?.Word ?? EvidenceStrength.NotEstablished;
        var tested = Weaker(word, Strongest(facts.Pool?.Kind, facts.StandardError is not null));
        return facts.Unbeaten ? Stronger(tested, Judge(facts.Untested)) : tested;
    }

    /// <summary>The strongest word that a null pool (or none) and several noise draws (or one) allow.</summary>
    internal static EvidenceStrength Strongest(NullPoolKind? pool, bool noise) =>
        (pool, noise) switch
        {
            (null, false) => EvidenceStrength.NotEstablished,
            (null, _) or (_, false) => EvidenceStrength.Weak,
            (NullPoolKind.Queries, _) => EvidenceStrength.Moderate,
            _ => EvidenceStrength.Strong,
        };

    private static EvidenceStrength Weaker(EvidenceStrength left, EvidenceStrength right) =>
        left < right ? left : right;

    private static EvidenceStrength Stronger(EvidenceStrength left, EvidenceStrength right) =>
        left > right ? left : right;
}
