namespace DasAudit.Evidence.Document;

/// <summary>What evaluations of the same model and dataset found about the report's methods.</summary>
internal static class TrustSection
{
    private const string Title = "How far this can be trusted";

    /// <summary>Null where no evaluation is quoted.</summary>
    internal static Section? Of(AuditReport report) =>
        report.Evaluations is { } evaluations
            ? new(Title, new Bullets([.. evaluations.SelectMany(Sentences).Select(Content.Foreign)]))
            : null;

    /// <summary>The same in few words; null where no evaluation is quoted.</summary>
    internal static Section? Brief(AuditReport report) =>
        report.Evaluations is { } evaluations
            ? new(Title, [.. evaluations.SelectMany(Sentences).Select(sentence => new Note(sentence))])
            : null;

    private static IEnumerable<string> Sentences(QuotedEvaluation evaluation)
    {
        var source =
            $"(evaluate {evaluation.Evaluation}, {evaluation.Setting}, {Figures.Moment(evaluation.CreatedUtc)})";
        return evaluation.Findings.Select(
            (sentence, place) => place == evaluation.Findings.Count - 1 ? $"{sentence} {source}" : sentence
        );
    }
}
