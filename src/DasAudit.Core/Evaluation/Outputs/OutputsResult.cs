using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Outputs;

/// <summary>
/// What the change of a generated picture follows from model to model: the change of the noise prediction or of the
/// loss.
/// </summary>
public sealed record OutputsResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/outputs/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Subsets} parts of {Part}, training seeds {string.Join(", ", TrainingSeeds)}, {QueryWords(Queries, 0)}, "
                + $"{Timesteps.Count} timesteps × {Draws} noise draws"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings => [new(null, Sentence(Correlations[0]))];

    /// <summary>M.</summary>
    public required int Subsets { get; init; }

    /// <summary>α.</summary>
    public required double Part { get; init; }

    /// <summary>Training seeds; each model is compared with that of all pictures of its own seed.</summary>
    public required IReadOnlyList<long> TrainingSeeds { get; init; }

    /// <summary>Generated pictures.</summary>
    public required int Queries { get; init; }

    /// <summary>
    /// How many of them the audited model generates again to the pixel: the others were sampled in another way than
    /// they state or was assumed.
    /// </summary>
    public required int Reproduced { get; init; }

    /// <summary>At which losses and predictions were taken.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>Noise draws at each.</summary>
    public required int Draws { get; init; }

    /// <summary>Within a query, then of all pairs of query and model; of each Pearson's, then Spearman's.</summary>
    public required IReadOnlyList<OutputsCorrelation> Correlations { get; init; }

    private static string Sentence(OutputsCorrelation within) =>
        $"{Verdict(within)} (Pearson {Figure(within.Predictions.Value)} and {Figure(within.Losses.Value)}, difference "
        + $"{Figure(within.Difference.Low)} … {Figure(within.Difference.High)}).";

    private static string Verdict(OutputsCorrelation within)
    {
        const string Follow = "From model to model generated pictures follow the change of";
        return (within.Predictions.Low > 0, within.Losses.Low > 0, within.Difference) switch
        {
            (false, false, _) =>
                "That generated pictures follow, from model to model, the change of the noise prediction or that of "
                    + "the loss is not established",
            (_, _, { Low: > 0 }) => $"{Follow} the noise prediction more than that of the loss",
            (_, _, { High: < 0 }) => $"{Follow} the loss more than that of the noise prediction",
            (true, false, _) =>
                $"{Follow} the noise prediction; that they follow it more than that of the loss is not established",
            (false, true, _) =>
                $"{Follow} the loss; that they follow it more than that of the noise prediction is not established",
            _ => $"{Follow} the noise prediction and that of the loss; which of them more is not established",
        };
    }
}

/// <summary>Correlations with the change of the picture.</summary>
/// <param name="Over">
/// <c>within</c>: over models, mean over queries; <c>pooled</c>: over all pairs of query and model.
/// </param>
/// <param name="Kind"><c>pearson</c> or <c>spearman</c>.</param>
/// <param name="Predictions">Of the root mean square change of the noise prediction, mean over timesteps.</param>
/// <param name="Losses">Of the absolute difference of the mean losses.</param>
/// <param name="Difference">Predictions − losses, paired over models and queries.</param>
public sealed record OutputsCorrelation(
    string Over,
    string Kind,
    Interval Predictions,
    Interval Losses,
    Interval Difference
);
