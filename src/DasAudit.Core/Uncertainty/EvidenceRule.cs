using System.Globalization;
using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Core.Uncertainty;

/// <summary>What the word for a picture rests on.</summary>
/// <param name="Score">Mean over noise draws.</param>
/// <param name="StandardError">Of the score; null with a single noise draw.</param>
/// <param name="TopProbability">See <see cref="Uncertainty.TopProbability"/>; null with a single noise draw.</param>
/// <param name="RankStability">Mean rank correlation between noise draws; null with a single one.</param>
/// <param name="PValue">Against the null pool; null where there is none.</param>
/// <param name="QValue">See <see cref="FalseDiscovery"/>; null where there is no null pool.</param>
/// <param name="Pool">What p and q compare with; null where there is no null pool.</param>
public sealed record EvidenceFacts(
    double Score,
    double? StandardError,
    double? TopProbability,
    double? RankStability,
    double? PValue,
    double? QValue,
    NullPool? Pool
)
{
    /// <summary>
    /// Whether nothing in the null pool scored as high: p is the smallest that the pool can give. Bins of matched decoys differ in size by little, so
    /// it is enough that p is less than twice the smallest: a picture that a single decoy beats has at least that.
    /// </summary>
    public bool Unbeaten => Pool is not null && PValue < 2 * Pool.MinimumPValue;

    /// <summary>The same without the null pool.</summary>
    public EvidenceFacts Untested => this with { PValue = null, QValue = null, Pool = null };
}

/// <summary>
/// The one place that says when evidence is strong, moderate, weak or not established. Strong evidence is more than chance (q), ranks high
/// whatever the noise (probability of the top N), is larger than its error, and stands in a ranking that noise does not overturn. The bounds
/// are conventions: 5, 10 and 20 % are the usual rates of false discoveries; 3, 2 and 1 standard errors the usual margins. The bounds on
/// the rank correlation are low, for where few pictures matter the order of all others is noise: they only keep out rankings that are all noise.
/// </summary>
public static class EvidenceRule
{
    private static readonly Bounds[] Words =
    [
        new(EvidenceStrength.Strong, MostQ: 0.05, LeastTop: 0.95, LeastErrors: 3, LeastStability: 0.3),
        new(EvidenceStrength.Moderate, MostQ: 0.1, LeastTop: 0.8, LeastErrors: 2, LeastStability: 0.1),
        new(EvidenceStrength.Weak, MostQ: 0.2, LeastTop: 0.5, LeastErrors: 1, LeastStability: 0),
    ];

    /// <summary>
    /// The strongest word all of whose bounds are kept. What was not measured cannot fail a bound, but it limits the word: without a null pool or with a
    /// single noise draw none is stronger than weak, with other queries in place of decoys none is stronger than moderate, and with
    /// neither a null pool nor several noise draws nothing is established.
    /// <para>A null pool can speak against a picture only by what it measured. Of n candidates one that beats all m decoys has q = n/(m + 1) if no other
    /// does, however true it is; so where a picture is beaten by none, a q that is too large is the pool's smallness, and the picture is judged as if
    /// there were no pool. One that is beaten keeps its q. Hence decoys can only weaken the word of pictures that they beat, and since q never falls where
    /// p rises, a larger p never brings a stronger word.</para>
    /// </summary>
    public static EvidenceStrength Judge(EvidenceFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (!(facts.Score > 0))
            return EvidenceStrength.NotEstablished;
        var word = Words.FirstOrDefault(bounds => bounds.Keeps(facts))?.Word ?? EvidenceStrength.NotEstablished;
        var tested = Weaker(word, Strongest(facts.Pool?.Kind, facts.StandardError is not null));
        return facts.Unbeaten ? Stronger(tested, Judge(facts.Untested)) : tested;
    }

    /// <summary>The rule in sentences, as reports print it.</summary>
    /// <param name="top">N of the probability of the top N.</param>
    /// <param name="pool">What q compares with; null where there is no null pool.</param>
    /// <param name="noise">Whether there are several noise draws.</param>
    /// <param name="candidates">Number of candidates that were tested.</param>
    /// <param name="control">How q-values are computed.</param>
    /// <param name="kind">What the scores are evidence of.</param>
    /// <param name="source">What chance has a part in them.</param>
    public static IReadOnlyList<string> Definition(
        int top,
        NullPool? pool,
        bool noise,
        int candidates,
        FalseDiscoveryControl control = FalseDiscoveryControl.BenjaminiHochberg,
        ScoreKind kind = ScoreKind.Influence,
        ScoreNoise source = ScoreNoise.Drawn
    )
    {
        if (kind == ScoreKind.Chance)
            return ["Scores that are drawn at random cannot show anything: every picture is 'not established'."];
        var strongest = Strongest(pool?.Kind, noise);
        if (strongest == EvidenceStrength.NotEstablished)
            return
            [
                $"{Measured(source)}, and there is nothing to compare them with, such as pictures that the model never saw, so they cannot show anything: every picture is 'not established'.",
            ];
        var sentences = new List<string>();
        if (kind == ScoreKind.Resemblance)
            sentences.Add(
                "The words 'strong', 'moderate' and 'weak' say how sure it is that a picture resembles the audited one more than chance would have it; they are no evidence that the model learnt from it."
            );
        foreach (var bounds in Words)
        {
            if (bounds.Word > strongest)
                continue;
            var conditions = new List<string>();
            if (pool is not null)
                conditions.Add(Text($"q at most {bounds.MostQ}"));
            if (noise)
            {
                conditions.Add(Text($"a probability of at least {bounds.LeastTop} of being among the top {top}"));
                conditions.Add(
                    Text(
                        $"a score of at least {bounds.LeastErrors} standard error{(bounds.LeastErrors == 1 ? "" : "s")}"
                    )
                );
                conditions.Add(Text($"a rank correlation between noise draws of at least {bounds.LeastStability}"));
            }

            sentences.Add(
                Text(
                    $"'{Name(bounds.Word)}' means {(conditions.Count == 1 ? conditions[0] : string.Join(", ", conditions[..^1]) + " and " + conditions[^1])}."
                )
            );
        }

        sentences.Add("Anything less, and any score that is not positive, is 'not established'.");
        if (pool is not null && noise && TooSmall(pool, candidates, control) is { } small)
            sentences.Add(small);
        if (pool?.Kind == NullPoolKind.Queries)
            sentences.Add(
                Text(
                    $"The scores were compared with those of other queries, not with those of pictures that the model never saw: no word is stronger than '{Name(EvidenceStrength.Moderate)}'."
                )
            );
        if (pool is null)
            sentences.Add(
                "No pictures that the model never saw were scored beside the candidates, so it is not known which scores chance alone would give: no word is stronger than 'weak'."
            );
        if (!noise)
            sentences.Add($"{Measured(source)}: no word is stronger than 'weak'.");
        return sentences;
    }

    /// <summary>The word itself, as JSON has it.</summary>
    public static string Name(this EvidenceStrength strength) =>
        strength switch
        {
            EvidenceStrength.Strong => "strong",
            EvidenceStrength.Moderate => "moderate",
            EvidenceStrength.Weak => "weak",
            _ => "not established",
        };

    // Why there are no standard errors.
    private static string Measured(ScoreNoise source) =>
        source switch
        {
            ScoreNoise.Averaged =>
                "Which pictures each retrained model happened to see is a chance that was not measured, so it is not known how far other such models would move the scores",
            ScoreNoise.None =>
                "The scores of this method depend on no noise that could be drawn again, so nothing measures how far they can be trusted",
            _ => "The scores were measured once, so it is not known how far other noise would move them",
        };

    // Where even a single picture can reach the bound of 'weak', one that is beaten by none always does.
    private static string? TooSmall(NullPool pool, int candidates, FalseDiscoveryControl control)
    {
        if (pool.LeastQ(candidates, control) <= Words[^1].MostQ * NullPool.Rounding)
            return null;
        var others = pool.Kind == NullPoolKind.Queries ? "other queries" : "decoys";
        var size =
            pool.Size == 1
                ? pool.Kind == NullPoolKind.Queries
                    ? "1 other query is"
                    : "1 decoy is"
                : Text($"{pool.Size} {others} are");
        var beaten = pool.Kind switch
        {
            NullPoolKind.Queries => "that scores higher for this query than for every other",
            NullPoolKind.MatchedDecoys => "that scores higher than every decoy that resembles the query as much",
            _ => "that scores higher than every decoy",
        };
        var best = Words.First(bounds => bounds.Word <= Strongest(pool.Kind, noise: true));
        return Text(
            $"{size} too few to bring the q of a single picture among {candidates} down to {Words[^1].MostQ}, so a picture {beaten} is judged as if there were none, hence at most '{Name(Words[^1].Word)}', where its q would not allow it; {pool.Needed(Words[^1].MostQ, candidates, control)} {others} would bring a single picture to q {Words[^1].MostQ}, and {pool.Needed(best.MostQ, candidates, control)} to q {best.MostQ}."
        );
    }

    private static EvidenceStrength Weaker(EvidenceStrength left, EvidenceStrength right) =>
        left < right ? left : right;

    private static EvidenceStrength Stronger(EvidenceStrength left, EvidenceStrength right) =>
        left > right ? left : right;

    private static EvidenceStrength Strongest(NullPoolKind? pool, bool noise) =>
        (pool, noise) switch
        {
            (null, false) => EvidenceStrength.NotEstablished,
            (null, _) or (_, false) => EvidenceStrength.Weak,
            (NullPoolKind.Queries, _) => EvidenceStrength.Moderate,
            _ => EvidenceStrength.Strong,
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Bounds(
        EvidenceStrength Word,
        double MostQ,
        double LeastTop,
        double LeastErrors,
        double LeastStability
    )
    {
        // Comparisons with null are false.
        public bool Keeps(EvidenceFacts facts) =>
            !(facts.QValue > MostQ * NullPool.Rounding)
            && !(facts.TopProbability < LeastTop)
            && !(facts.Score < LeastErrors * facts.StandardError)
            && !(facts.RankStability < LeastStability);
    }
}
