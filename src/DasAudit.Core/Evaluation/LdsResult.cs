using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation;

/// <summary>What scores are worth on one model and dataset: how well they predict models trained on parts.</summary>
public sealed record LdsResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/lds/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Models}, {QueryWords(Generated, HeldOut)}, {Timesteps.Count} timesteps{Noise}"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [.. Methods.Select(method => new EvaluationFinding(method.Method, Sentence(method)))];

    /// <summary>M.</summary>
    public required int Subsets { get; init; }

    /// <summary>α.</summary>
    public required double Part { get; init; }

    /// <summary>Training seeds; empty where models were trained elsewhere.</summary>
    public required IReadOnlyList<long> TrainingSeeds { get; init; }

    /// <summary>Queries that the model generated.</summary>
    public required int Generated { get; init; }

    /// <summary>Queries that the model neither generated nor saw.</summary>
    public required int HeldOut { get; init; }

    /// <summary>At which the truth was taken.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>Noise draws at each; null where losses were taken elsewhere.</summary>
    public required int? Draws { get; init; }

    /// <summary>The usual truth first.</summary>
    public required IReadOnlyList<LdsTarget> Targets { get; init; }

    /// <summary>The methods under the usual truth, best first.</summary>
    public IReadOnlyList<MethodLds> Methods => Targets[0].Methods;

    /// <summary>Their paired differences under the usual truth.</summary>
    public IReadOnlyList<LdsDifference> Differences => Targets[0].Differences;

    /// <summary>What a perfect predictor would reach under the usual truth; null with one training seed.</summary>
    public double? Ceiling => Targets[0].Ceiling;

    private string Models =>
        TrainingSeeds.Count > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Subsets} random parts of {Part} of the pictures, training seeds {string.Join(", ", TrainingSeeds)}"
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Subsets} models trained elsewhere on {Part:0.##} of the pictures"
            );

    private string Noise => Draws is { } draws ? $" × {draws.ToString(CultureInfo.InvariantCulture)} noise draws" : "";

    private string Sentence(MethodLds method)
    {
        var log = Targets
            .FirstOrDefault(target => target.Target == TruthTarget.LogLoss)
            ?.Methods.FirstOrDefault(other => other.Method == method.Method)
            ?.Lds;
        var figures = $"{Figure(method.Lds)} ({Figure(method.Low)} … {Figure(method.High)})";
        var best = Ceiling is { } ceiling ? $"; a perfect method would reach about {Figure(ceiling)}" : "";
        var inLogs = log is { } lds ? $", and {Figure(lds)} of the log loss" : "";
        return $"{method.Method}: what models trained on parts of the dataset lose on a picture follows its "
            + "scores with a "
            + $"rank correlation of {figures}{best}{inLogs}.";
    }
}

/// <summary>The scores under one truth.</summary>
/// <param name="Target">What of the errors is predicted.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="SeedAgreement">
/// Mean rank correlation of two training seeds' models on the same parts; null with one training seed.
/// </param>
/// <param name="Ceiling">
/// What a perfect predictor would reach: √ of the agreement of the mean over seeds with another such mean.
/// </param>
/// <param name="Methods">Best first.</param>
/// <param name="Differences">Of each method to the reference, that of the report: a is the better one.</param>
public sealed record LdsTarget(
    string Target,
    string Meaning,
    double? SeedAgreement,
    double? Ceiling,
    IReadOnlyList<MethodLds> Methods,
    IReadOnlyList<LdsDifference> Differences
);

/// <summary>A method's score.</summary>
/// <param name="Method">
/// Its id; with <c> (sets)</c> after it where sets count for their exact effect, with a damping rule after it where
/// that is another than the method's own.
/// </param>
/// <param name="Lds">Mean over queries, −1 … 1.</param>
/// <param name="Low">Of the middle 95 % of bootstrap draws.</param>
/// <param name="High">Of the middle 95 % of bootstrap draws.</param>
/// <param name="Generated">Mean over generated queries; null without any.</param>
/// <param name="HeldOut">Mean over the others; null without any.</param>
/// <param name="Damping">The rule that chose the damping; null for a method without.</param>
public sealed record MethodLds(
    string Method,
    double Lds,
    double Low,
    double High,
    double? Generated,
    double? HeldOut,
    string? Damping
);

/// <summary>How far the score of a is above that of b, paired over subsets and queries.</summary>
public sealed record LdsDifference(string A, string B, double Difference, double Low, double High);
