using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Evidence.Document;

/// <summary>How to read the figures of a report, for people who have not seen one before.</summary>
internal static class ReadingSection
{
    private const string Signs =
        "▲ Seeing the training picture helps the model to make the audited picture. ▼ Seeing it works against that.";

    internal static Section Of(AuditReport report) => new("How to read this", new Definitions([.. Terms(report)]));

    /// <summary>What scores, directions and errors are.</summary>
    internal static IEnumerable<string> Brief(AuditReport report)
    {
        var scores = ScoreInfo.Of(report.Method);
        yield return Score(scores);
        if (Direction(scores) is { } direction)
            yield return direction;
        if (HasErrors(report))
            yield return "± is one standard error.";
    }

    private static string Score(ScoreInfo scores) => VisibleText.Of($"{scores.Meaning} {scores.Scale}");

    /// <summary>What the signs of direction mean; null where it needs no word.</summary>
    private static string? Direction(ScoreInfo scores) =>
        scores.Direction switch
        {
            ScoreDirection.Beside => $"{Signs} The score has the same size either way.",
            ScoreDirection.Sign => $"{Signs} It is the sign of the score.",
            _ when scores.Kind == ScoreKind.Influence =>
                "This method does not tell whether a training picture helps to make the audited picture "
                    + "or works against that.",
            _ => null,
        };

    private static bool HasErrors(AuditReport report) =>
        report.Attributions.Any(picture => picture.StandardError is not null)
        || report.Groups.Any(group => group.Low is not null);

    private static IEnumerable<Definition> Terms(AuditReport report)
    {
        var scores = ScoreInfo.Of(report.Method);
        var ofWhat = ScoreWords.For(scores).Of;
        yield return new("Score", Score(scores));
        if (Direction(scores) is { } direction)
            yield return new("Direction", direction);
        if (report.Groups.Count > 0)
            yield return new("Share", Share(scores, ofWhat));
        yield return new("Uncertainty", Uncertainty(report, scores));
        if (report.Evidence is { } evidence)
        {
            yield return new("Evidence", VisibleText.Of(string.Join(' ', evidence.Definition)));
            if (evidence.Meaning.Count > 0)
                yield return new("p and q", VisibleText.Of(string.Join(' ', evidence.Meaning)));
            if (evidence.GroupDraws is { } draws)
                yield return new("p of a group", GroupProbability(scores, ofWhat, draws));
        }

        yield return new("Similarity", Similarity(report, scores));
        var controls = Has(report, "control")
            ? " Random controls show the scores of pictures that were picked blindly."
            : "";
        yield return new("Candidate because", $"Why the picture was among those that were scored.{controls}");
    }

    private static bool Has(AuditReport report, string tier) =>
        report.Candidates.Tiers.Any(count => count.Name == tier && count.Count > 0);

    private static string Share(ScoreInfo scores, string ofWhat)
    {
        var canBeNegative = !scores.ChangesAddUp && scores.Kind != ScoreKind.Chance;
        var negative = canBeNegative ? "Scores below 0 count as 0. " : "";
        return $"A group’s part of the {ofWhat} that was measured for all groups: the sum of its pictures’ scores, "
            + $"divided by that of all scored pictures, listed here or not. {negative}A group of many pictures "
            + "tends to have a large share, and splitting it changes nothing.";
    }

    private static string GroupProbability(ScoreInfo scores, string ofWhat, int draws)
    {
        var together = scores.ChangesAddUp
            ? "Here a group’s pictures are taken together: those that pull alike add up, and those that pull in "
                + "opposite directions cancel. "
            : "";
        return "The probability that a group of as many scored pictures, drawn at random, would have as much "
            + $"{ofWhat}; measured on {Figures.Count(draws)} random groups. {together}".TrimEnd();
    }

    private static string Uncertainty(AuditReport report, ScoreInfo scores)
    {
        var draws = Figures.Count(report.Method.Replicates);
        if (!HasErrors(report))
            return WithoutErrors(report.Method.Replicates, scores.Noise);
        return scores.Noise == ScoreNoise.Random
            ? $"“±” is one standard error over {draws} draws of the random numbers."
            : $"“±” is one standard error, and intervals are {Words.Interval}s, over {draws} draws of the noise. "
                + "They do not cover what training the model again would change.";
    }

    private static string WithoutErrors(int draws, ScoreNoise noise)
    {
        const string Unknown = "so this report cannot say how far other noise";
        return noise switch
        {
            ScoreNoise.None => "The scores depend on nothing that is drawn at random, so there are no errors to state. "
                + "That does not make them right.",
            ScoreNoise.Averaged => "The draws of the noise were averaged before models were compared, "
                + $"{Unknown}, or other retrained models, would move the figures.",
            ScoreNoise.Random => "The random numbers were drawn once.",
            _ when draws > 1 => $"This method makes one score from {Figures.Count(draws)} draws of the noise, "
                + $"{Unknown} would move the figures.",
            _ => $"The noise was drawn once, {Unknown} would move the figures.",
        };
    }

    private static string Similarity(AuditReport report, ScoreInfo scores)
    {
        if (report.Encoder is not { } encoder)
            return "No image encoder was used.";
        var alike =
            $"How alike the two pictures look to the image encoder “{VisibleText.Of(encoder.Name)}”: "
            + "1 is the same, 0 unrelated.";
        return (Has(report, "semantic"), scores.LooksAtEmbeddings) switch
        {
            (true, true) => $"{alike} It chose pictures to be scored, and it is the score itself.",
            (true, false) => $"{alike} It chose pictures to be scored; it is not part of the score.",
            (false, true) => $"{alike} It is the score itself.",
            (false, false) => $"{alike} It is not part of the score.",
        };
    }
}
