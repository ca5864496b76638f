using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Evidence.Document;

/// <summary>What the forms for people call scores, by what these are evidence of.</summary>
/// <param name="Listed">Heading of the pictures with the highest scores.</param>
/// <param name="Together">Heading of the subset.</param>
/// <param name="Of">What shares are parts of.</param>
/// <param name="Law">What no figure can say.</param>
internal sealed record ScoreWords(string Question, string Listed, string Together, string Of, string Law)
{
    private const string NoFinding =
        "and they are no finding of law; rights and licences are given as the dataset states them.";

    private static readonly ScoreWords Influence = new(
        "Which training pictures is this picture owed to?",
        "Owed most to",
        "Most influential together",
        "influence",
        $"Scores estimate influence within this model. They do not say whether anything was copied, {NoFinding}"
    );

    private static readonly ScoreWords Resemblance = new(
        "Which training pictures does this picture resemble?",
        "Resembles most",
        "Most alike together",
        "resemblance",
        "Scores say how much pictures resemble each other. They do not say whether the model learnt anything from a "
            + $"picture or whether anything was copied, {NoFinding}"
    );

    private static readonly ScoreWords Chance = new(
        "What do scores that know nothing look like?",
        "Largest random numbers",
        "Largest random numbers together",
        "random numbers",
        $"Scores are random numbers. They say nothing about any picture, {NoFinding}"
    );

    internal static ScoreWords For(ScoreInfo scores) =>
        scores.Kind switch
        {
            ScoreKind.Resemblance => Resemblance,
            ScoreKind.Chance => Chance,
            _ => Influence,
        };

    internal static ScoreWords For(AuditReport report) => For(ScoreInfo.Of(report.Method));

    /// <summary>The report's title: "What picture.png is owed to".</summary>
    internal string Title(string picture) =>
        this == Resemblance ? $"What {picture} resembles"
        : this == Chance ? $"Random scores for {picture}"
        : $"What {picture} is owed to";
}
