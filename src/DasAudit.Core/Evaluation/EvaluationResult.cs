using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation;

/// <summary>What an evaluation found on one model and dataset.</summary>
public abstract record EvaluationResult
{
    /// <summary>The schema of this document, <c>das-audit/EVALUATION/1</c>.</summary>
    public abstract string Schema { get; }

    /// <summary>The settings that decide its figures, in words.</summary>
    public abstract string Setting { get; }

    /// <summary>What reports on the same model may quote.</summary>
    public abstract IReadOnlyList<EvaluationFinding> Findings { get; }

    /// <summary>SHA-256 of the audited model; see <see cref="Models.ModelSource.HashOf(IDiffusionModel)"/>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Merkle root of the training set.</summary>
    public required string DatasetRoot { get; init; }

    /// <summary>Such as <c>32 generated and 32 held-out pictures</c>.</summary>
    internal static string QueryWords(int generated, int heldOut) =>
        heldOut == 0 ? $"{generated} generated pictures" : $"{generated} generated and {heldOut} held-out pictures";

    /// <summary>Two decimals.</summary>
    internal static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
