using DasAudit.Core.Attribution.Scores;
using static System.FormattableString;

namespace DasAudit.Core.Uncertainty;

/// <summary><see cref="EvidenceRule"/> in sentences.</summary>
internal static class EvidenceDefinition
{
    /// <summary>The rule as reports print it.</summary>
    /// <param name="noise">Whether there are several noise draws.</param>
    /// <param name="source">What chance has a part in the scores.</param>
    public static IReadOnlyList<string> Of(
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
        var strongest = EvidenceRule.Strongest(pool?.Kind, noise);
        if (strongest == EvidenceStrength.NotEstablished)
            return
            [
                $"{Measured(source)}, and there is nothing to compare them with, such as pictures that the model never "
                    + "saw, so they cannot show anything: every picture is 'not established'.",
            ];
        var sentences = new List<string>();
        if (kind == ScoreKind.Resemblance)
            sentences.Add(
                "The words 'strong', 'moderate' and 'weak' say how sure it is that a picture resembles the audited "
                    + "one more than chance would have it; they are no evidence that the model learnt from it."
            );
        var words = EvidenceBounds.All.Where(bounds => bounds.Word <= strongest);
        sentences.AddRange(words.Select(bounds => Meaning(bounds, top, pool is not null, noise)));
        sentences.Add("Anything less, and any score that is not positive, is 'not established'.");
        if (pool is not null && noise && pool.LeastQ(candidates, control) > MostQ * NullPool.Rounding)
            sentences.Add(TooSmall(pool, candidates, control));
        if (pool?.Kind == NullPoolKind.Queries)
            sentences.Add(
                "The scores were compared with those of other queries, not with those of pictures that the model "
                    + "never saw: no word is stronger than 'moderate'."
            );
        if (pool is null)
            sentences.Add(
                "No pictures that the model never saw were scored beside the candidates, so it is not known which "
                    + "scores chance alone would give: no word is stronger than 'weak'."
            );
        if (!noise)
            sentences.Add($"{Measured(source)}: no word is stronger than 'weak'.");
        return sentences;
    }

    /// <summary>What is to be said of a ranking that is that of other queries.</summary>
    public static IReadOnlyList<string> Of(QueryAgreement agreement)
    {
        var queries = agreement.Queries == 1 ? "the other query" : Invariant($"{agreement.Queries} other queries");
        return
        [
            Invariant($"This method ranks the training pictures for {queries} as for the audited picture (mean rank ")
                + Invariant(
                    $"correlation {agreement.Spearman:0.00}, where {QueryAgreement.Alike:0.0} is the most), so "
                )
                + "its scores say nothing of this picture in particular: every picture is 'not established'.",
        ];
    }

    private static double MostQ => EvidenceBounds.All[^1].MostQ;

    private static string Meaning(EvidenceBounds bounds, int top, bool hasPool, bool noise)
    {
        var conditions = new List<string>();
        if (hasPool)
            conditions.Add(Invariant($"q at most {bounds.MostQ}"));
        if (noise)
        {
            var plural = bounds.LeastErrors == 1 ? "" : "s";
            conditions.Add(Invariant($"a probability of at least {bounds.LeastTop} of being among the top {top}"));
            conditions.Add(Invariant($"a score of at least {bounds.LeastErrors} standard error{plural}"));
            conditions.Add(Invariant($"a rank correlation between noise draws of at least {bounds.LeastStability}"));
        }

        var first = string.Join(", ", conditions.SkipLast(1));
        return $"'{bounds.Word.Name()}' means {(first == "" ? "" : $"{first} and ")}{conditions[^1]}.";
    }

    // Why there are no standard errors.
    private static string Measured(ScoreNoise source) =>
        source switch
        {
            ScoreNoise.Averaged =>
                "Which pictures each retrained model happened to see is a chance that was not measured, so it is not "
                    + "known how far other such models would move the scores",
            ScoreNoise.None =>
                "The scores of this method depend on no noise that could be drawn again, so nothing measures how far "
                    + "they can be trusted",
            _ => "The scores were measured once, so it is not known how far other noise would move them",
        };

    // Even a single picture cannot reach the bound of 'weak'.
    private static string TooSmall(NullPool pool, int candidates, FalseDiscoveryControl control)
    {
        var ofQueries = pool.Kind == NullPoolKind.Queries;
        var plural = ofQueries ? "other queries" : "decoys";
        var single = ofQueries ? "1 other query is" : "1 decoy is";
        var size = pool.Size == 1 ? single : Invariant($"{pool.Size} {plural} are");
        var beaten = pool.Kind switch
        {
            NullPoolKind.Queries => "that scores higher for this query than for every other",
            NullPoolKind.MatchedDecoys => "that scores higher than every decoy that resembles the query as much",
            _ => "that scores higher than every decoy",
        };
        var strongest = EvidenceRule.Strongest(pool.Kind, noise: true);
        var best = EvidenceBounds.All.First(bounds => bounds.Word <= strongest);
        var forWeak = Invariant($"{pool.Needed(MostQ, candidates, control)} {plural}");
        return Invariant($"{size} too few to bring the q of a single picture among {candidates} down to {MostQ}, so a ")
            + $"picture {beaten} is judged as if there were none, hence at most 'weak', where its q would not allow "
            + "it; "
            + Invariant($"{forWeak} would bring a single picture to q {MostQ}, and ")
            + Invariant($"{pool.Needed(best.MostQ, candidates, control)} to q {best.MostQ}.");
    }
}
