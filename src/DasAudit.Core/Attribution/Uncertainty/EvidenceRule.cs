using System.Globalization;

namespace DasAudit.Core.Attribution.Uncertainty;

/// <summary>What the word for a picture rests on.</summary>
/// <param name="Score">Mean over noise draws.</param>
/// <param name="StandardError">Of the score; null with a single noise draw.</param>
/// <param name="TopProbability">See <see cref="Uncertainty.TopProbability"/>; null with a single noise draw.</param>
/// <param name="RankStability">Mean rank correlation between noise draws; null with a single one.</param>
/// <param name="QValue">See <see cref="FalseDiscovery"/>; null where there is no null pool.</param>
/// <param name="Pool">What q compares with; null where there is no null pool.</param>
public sealed record EvidenceFacts(double Score, double? StandardError, double? TopProbability, double? RankStability, double? QValue, NullPoolKind? Pool);

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
    /// </summary>
    public static EvidenceStrength Judge(EvidenceFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (!(facts.Score > 0)) return EvidenceStrength.NotEstablished;
        var word = Words.FirstOrDefault(bounds => bounds.Keeps(facts))?.Word ?? EvidenceStrength.NotEstablished;
        var strongest = Strongest(facts.Pool, facts.StandardError is not null);
        return word < strongest ? word : strongest;
    }

    /// <summary>The rule in sentences, as reports print it.</summary>
    /// <param name="top">N of the probability of the top N.</param>
    /// <param name="pool">What q compares with; null where there is no null pool.</param>
    /// <param name="noise">Whether there are several noise draws.</param>
    public static IReadOnlyList<string> Definition(int top, NullPoolKind? pool, bool noise)
    {
        var strongest = Strongest(pool, noise);
        if (strongest == EvidenceStrength.NotEstablished) return ["A single noise draw without a null pool cannot show anything: every picture is 'not established'."];
        var sentences = new List<string>();
        foreach (var bounds in Words)
        {
            if (bounds.Word > strongest) continue;
            var conditions = new List<string>();
            if (pool is not null) conditions.Add(Text($"q at most {bounds.MostQ}"));
            if (noise)
            {
                conditions.Add(Text($"a probability of at least {bounds.LeastTop} of being among the top {top}"));
                conditions.Add(Text($"a score of at least {bounds.LeastErrors} standard error{(bounds.LeastErrors == 1 ? "" : "s")}"));
                conditions.Add(Text($"a rank correlation between noise draws of at least {bounds.LeastStability}"));
            }

            sentences.Add(Text($"'{Name(bounds.Word)}' means {(conditions.Count == 1 ? conditions[0] : string.Join(", ", conditions[..^1]) + " and " + conditions[^1])}."));
        }

        sentences.Add("Anything less, and any score that is not positive, is 'not established'.");
        if (pool == NullPoolKind.Queries) sentences.Add(Text($"The scores were compared with those of other queries, not with those of pictures that the model never saw: no word is stronger than '{Name(EvidenceStrength.Moderate)}'."));
        if (pool is null) sentences.Add("No pictures that the model never saw were scored beside the candidates, so it is not known which scores chance alone would give: no word is stronger than 'weak'.");
        if (!noise) sentences.Add("The noise was drawn once, so it is not known how far other noise would move the scores: no word is stronger than 'weak'.");
        return sentences;
    }

    /// <summary>The word itself, as JSON has it.</summary>
    public static string Name(this EvidenceStrength strength) => strength switch
    {
        EvidenceStrength.Strong => "strong",
        EvidenceStrength.Moderate => "moderate",
        EvidenceStrength.Weak => "weak",
        _ => "not established",
    };

    private static EvidenceStrength Strongest(NullPoolKind? pool, bool noise) => (pool, noise) switch
    {
        (null, false) => EvidenceStrength.NotEstablished,
        (null, _) or (_, false) => EvidenceStrength.Weak,
        (NullPoolKind.Queries, _) => EvidenceStrength.Moderate,
        _ => EvidenceStrength.Strong,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Bounds(EvidenceStrength Word, double MostQ, double LeastTop, double LeastErrors, double LeastStability)
    {
        // Comparisons with null are false.
        public bool Keeps(EvidenceFacts facts) =>
            !(facts.QValue > MostQ) && !(facts.TopProbability < LeastTop) && !(facts.Score < LeastErrors * facts.StandardError) && !(facts.RankStability < LeastStability);
    }
}
