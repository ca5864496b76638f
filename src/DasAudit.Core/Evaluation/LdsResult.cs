namespace DasAudit.Core.Evaluation;

/// <summary>What scores are worth on one model and dataset: how well they predict models trained on parts.</summary>
public sealed record LdsResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/lds/1";

    /// <summary>M.</summary>
    public required int Subsets { get; init; }

    /// <summary>α.</summary>
    public required double Part { get; init; }

    /// <summary>Training seeds.</summary>
    public required IReadOnlyList<long> TrainingSeeds { get; init; }

    /// <summary>Queries that the model generated.</summary>
    public required int Generated { get; init; }

    /// <summary>Queries that the model neither generated nor saw.</summary>
    public required int HeldOut { get; init; }

    /// <summary>At which the truth was taken.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>Noise draws at each.</summary>
    public required int Draws { get; init; }

    /// <summary>The usual truth first.</summary>
    public required IReadOnlyList<LdsTarget> Targets { get; init; }

    /// <summary>The methods under the usual truth, best first.</summary>
    public IReadOnlyList<MethodLds> Methods => Targets[0].Methods;

    /// <summary>Their paired differences under the usual truth.</summary>
    public IReadOnlyList<LdsDifference> Differences => Targets[0].Differences;

    /// <summary>What a perfect predictor would reach under the usual truth; null with one training seed.</summary>
    public double? Ceiling => Targets[0].Ceiling;
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
