using DasAudit.Core.Audits;

namespace DasAudit.Evidence.Exports;

/// <summary>How to read the figures of a report, for people who have not seen one before.</summary>
internal static class Explanations
{
    /// <summary>What no figure can say.</summary>
    internal const string Law =
        "Scores measure influence within this model. They do not say whether anything was copied, and they are no finding of law; rights and licences are given as the dataset states them.";

    internal static IEnumerable<(string Term, string Meaning)> Of(AuditReport report)
    {
        yield return ("Score", "An estimate of how far the model’s output at the audited picture would move had the model never seen the training picture. Never negative; larger means more owed. "
            + "The size has no unit: compare scores within this report only.");
        yield return ("Direction", "▲ Seeing the training picture helps the model to make the audited picture. ▼ Seeing it works against that. The score has the same size either way.");
        yield return ("Share", "A group’s part of the influence of all scored pictures, listed here or not. It is measured by how far the output would move were the whole group gone: pictures of one group that pull alike add up, and pictures that pull in opposite directions cancel.");
        yield return ("Uncertainty", report.Method.Replicates > 1
            ? $"“±” is one standard error, and intervals are {Figures.Percent(0.95)} intervals, over {Figures.Count(report.Method.Replicates)} draws of the noise. They do not cover what training the model again would change."
            : "The noise was drawn once, so this report cannot say how far other noise would move the figures.");
        if (report.Evidence is { } evidence)
        {
            yield return ("Evidence", VisibleText.Of(string.Join(' ', evidence.Definition)));
            if (evidence.Meaning.Count > 0) yield return ("p and q", VisibleText.Of(string.Join(' ', evidence.Meaning)));
            if (evidence.GroupDraws is { } draws)
                yield return ("p of a group", $"The probability that a group of as many scored pictures, drawn at random, would have as much influence; measured on {Figures.Count(draws)} random groups.");
        }

        yield return ("Similarity", report.Encoder is { } encoder
            ? $"How alike the two pictures look to the image encoder “{VisibleText.Of(encoder.Name)}”: 1 is the same, 0 unrelated. It chooses what is looked at; it is not part of the score."
            : "No image encoder was used.");
        yield return ("Candidate because", "Why the picture was among those that were scored. Random controls show what pictures picked blindly score.");
    }
}
