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
        yield return ("Share", "A group’s part of the sum of the scores of all scored pictures, listed here or not.");
        yield return ("Uncertainty", report.Method.Replicates > 1
            ? $"“±” is one standard error, and intervals are {Figures.Percent(0.95)} intervals, over {Figures.Count(report.Method.Replicates)} draws of the noise. They do not cover what training the model again would change."
            : "The noise was drawn once, so this report cannot say how far other noise would move the figures.");
        yield return ("Similarity", report.Encoder is { } encoder
            ? $"How alike the two pictures look to the image encoder “{VisibleText.Of(encoder.Name)}”: 1 is the same, 0 unrelated. It chooses what is looked at; it is not part of the score."
            : "No image encoder was used.");
        yield return ("Candidate because", "Why the picture was among those that were scored. Random controls show what pictures picked blindly score.");
    }
}
