namespace DasAudit.Core.Reports;

/// <summary>
/// An evaluation that was kept, so that reports on the same model and dataset can say how far their scores can be
/// trusted.
/// </summary>
public sealed record StoredEvaluation
{
    /// <summary>A ULID.</summary>
    public required string Id { get; init; }

    /// <summary>When it was finished, UTC, to the millisecond.</summary>
    public required DateTimeOffset CreatedUtc { get; init; }

    /// <summary>The program.</summary>
    public required ToolInfo Tool { get; init; }

    /// <summary>Its command, such as <c>lds</c>.</summary>
    public required string Evaluation { get; init; }

    /// <summary>
    /// The settings that decide its figures, in words; the same for evaluations that can be compared.
    /// </summary>
    public required string Setting { get; init; }

    /// <summary>The model's path, as given.</summary>
    public required string ModelPath { get; init; }

    /// <summary>SHA-256 of the model's weights, as in <see cref="ModelInfo"/>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Merkle root of the training set.</summary>
    public required string DatasetRoot { get; init; }

    /// <summary>What it found, in sentences.</summary>
    public required IReadOnlyList<EvaluationFinding> Findings { get; init; }

    /// <summary>The whole result as JSON, as the command prints it with <c>--json</c>.</summary>
    public required string Result { get; init; }
}

/// <summary>What an evaluation found.</summary>
/// <param name="Method">Id of the method that it is about; null for the model as a whole.</param>
/// <param name="Sentence">For people.</param>
public sealed record EvaluationFinding(string? Method, string Sentence);

/// <summary>What a report quotes of an evaluation of its model and dataset.</summary>
/// <param name="Id">Of the stored evaluation.</param>
/// <param name="Evaluation">Its command.</param>
/// <param name="CreatedUtc">When it was finished.</param>
/// <param name="Setting">The settings that decide its figures.</param>
/// <param name="Findings">Sentences about the model, then about the report's methods.</param>
public sealed record QuotedEvaluation(
    string Id,
    string Evaluation,
    DateTimeOffset CreatedUtc,
    string Setting,
    IReadOnlyList<string> Findings
)
{
    /// <summary>
    /// What is said of a model and dataset about some methods: of each evaluation the newest of each setting.
    /// </summary>
    /// <param name="evaluations">Newest first.</param>
    internal static IReadOnlyList<QuotedEvaluation> Of(
        IEnumerable<StoredEvaluation> evaluations,
        string modelSha256,
        string datasetRoot,
        IReadOnlyList<string> methods
    ) =>
        [
            .. evaluations
                .Where(evaluation => evaluation.ModelSha256 == modelSha256 && evaluation.DatasetRoot == datasetRoot)
                .DistinctBy(evaluation => (evaluation.Evaluation, evaluation.Setting))
                .Select(evaluation => Of(evaluation, methods))
                .Where(quoted => quoted.Findings.Count > 0),
        ];

    private static QuotedEvaluation Of(StoredEvaluation evaluation, IReadOnlyList<string> methods)
    {
        var findings = evaluation
            .Findings.Where(finding => finding.Method is null || methods.Contains(finding.Method))
            .OrderBy(finding =>
                finding.Method is null ? -1 : methods.Index().First(m => m.Item == finding.Method).Index
            )
            .Select(finding => finding.Sentence);
        return new(evaluation.Id, evaluation.Evaluation, evaluation.CreatedUtc, evaluation.Setting, [.. findings]);
    }
}
