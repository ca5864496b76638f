using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Exports;

/// <summary>How to read the figures of a report, for people who have not seen one before.</summary>
internal static class Explanations
{
    internal static IEnumerable<(string Term, string Meaning)> Of(AuditReport report)
    {
        var scores = ScoreInfo.Of(report.Method);
        var words = ScoreWords.For(scores);
        yield return ("Score", Score(scores));
        if (Direction(scores) is { } direction)
            yield return ("Direction", direction);
        if (report.Groups.Count > 0)
            yield return ("Share", Share(scores, words));
        yield return ("Uncertainty", Uncertainty(report, scores));
        if (report.Evidence is { } evidence)
        {
            yield return ("Evidence", VisibleText.Of(string.Join(' ', evidence.Definition)));
            if (evidence.Meaning.Count > 0)
                yield return ("p and q", VisibleText.Of(string.Join(' ', evidence.Meaning)));
            if (evidence.GroupDraws is { } draws)
                yield return (
                    "p of a group",
                    $"The probability that a group of as many scored pictures, drawn at random, would have as much {words.Of}; measured on {Figures.Count(draws)} random groups."
                );
        }

        yield return ("Similarity", Similarity(report, scores));
        var controls = report.Candidates.Tiers.Any(tier => tier is { Name: "control", Count: > 0 });
        yield return (
            "Candidate because",
            $"Why the picture was among those that were scored.{(controls ? " Random controls show what pictures picked blindly score." : "")}"
        );
    }

    /// <summary>What a score is.</summary>
    internal static string Score(ScoreInfo scores) => VisibleText.Of($"{scores.Meaning} {scores.Scale}");

    /// <summary>What the signs of direction mean; null where it needs no word.</summary>
    internal static string? Direction(ScoreInfo scores) =>
        scores.Direction switch
        {
            ScoreDirection.Beside => $"{Signs} The score has the same size either way.",
            ScoreDirection.Sign => $"{Signs} It is the sign of the score.",
            _ when scores.Kind == ScoreKind.Influence =>
                "This method does not tell whether a training picture helps to make the audited picture or works against that.",
            _ => null,
        };

    private const string Signs =
        "▲ Seeing the training picture helps the model to make the audited picture. ▼ Seeing it works against that.";

    private static string Share(ScoreInfo scores, ScoreWords words) =>
        $"A group’s part of the {words.Of} that was measured for all groups, over all scored pictures, listed here or not. "
        + (
            scores.ChangesAddUp
                ? "A group’s pictures are taken together: those that pull alike add up, and those that pull in opposite directions cancel."
                : "The scores of a group’s pictures are added up, so a group of many pictures tends to have a large share; one whose sum is below 0 has none."
        );

    private static string Uncertainty(AuditReport report, ScoreInfo scores)
    {
        var draws = Figures.Count(report.Method.Replicates);
        if (Words.HasErrors(report))
        {
            return scores.Noise == ScoreNoise.Random
                ? $"“±” is one standard error over {draws} draws of the random numbers."
                : $"“±” is one standard error, and intervals are {Figures.Percent(0.95)} intervals, over {draws} draws of the noise. They do not cover what training the model again would change.";
        }

        return scores.Noise switch
        {
            ScoreNoise.None =>
                "The scores depend on nothing that is drawn at random, so there are no errors to state. That does not make them right.",
            ScoreNoise.Averaged =>
                "The draws of the noise were averaged before models were compared, so this report cannot say how far other noise, or other retrained models, would move the figures.",
            ScoreNoise.Random => "The random numbers were drawn once.",
            _ when report.Method.Replicates > 1 =>
                $"This method makes one score of {draws} draws of the noise, so this report cannot say how far other noise would move the figures.",
            _ => "The noise was drawn once, so this report cannot say how far other noise would move the figures.",
        };
    }

    private static string Similarity(AuditReport report, ScoreInfo scores)
    {
        if (report.Encoder is not { } encoder)
            return "No image encoder was used.";
        var chosen = report.Candidates.Tiers.Any(tier => tier is { Name: "semantic", Count: > 0 });
        return $"How alike the two pictures look to the image encoder “{VisibleText.Of(encoder.Name)}”: 1 is the same, 0 unrelated. "
            + (chosen ? "It chose pictures to be scored" : "It")
            + (
                scores.LooksAtEmbeddings
                    ? $"{(chosen ? ", and it" : "")} is the score itself."
                    : $"{(chosen ? "; it" : "")} is not part of the score."
            );
    }
}
