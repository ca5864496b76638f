using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>How well the shares that reports print say what leaving a whole group out changes.</summary>
public sealed record HoldoutResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/holdout/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Groups.Count} groups by {GroupedBy} left out in turn, "
                + $"training seeds {string.Join(", ", TrainingSeeds)}, "
                + $"{Queries.Count} pictures, {Timesteps.Count} timesteps × {Draws} noise draws"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [
            .. Targets[0]
                .Methods.Where(method => method.Method != HoldoutMeasure.Chance)
                .Select(method => new EvaluationFinding(method.Method, Sentence(method))),
        ];

    /// <summary>What made pictures a group.</summary>
    public required string GroupedBy { get; init; }

    /// <summary>The groups that were left out.</summary>
    public required IReadOnlyList<HoldoutGroup> Groups { get; init; }

    /// <summary>Training seeds.</summary>
    public required IReadOnlyList<long> TrainingSeeds { get; init; }

    /// <summary>At which the truth was taken.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>Noise draws at each.</summary>
    public required int Draws { get; init; }

    /// <summary>The usual truth first.</summary>
    public required IReadOnlyList<HoldoutTarget> Targets { get; init; }

    /// <summary>The figures that all others are made of.</summary>
    public required IReadOnlyList<HoldoutQuery> Queries { get; init; }

    /// <summary>What happens when groups are split; null where none was.</summary>
    public IReadOnlyList<SplittingResult>? Splitting { get; init; }

    /// <summary>What copying does; null where nothing was copied.</summary>
    public CopierResult? Copier { get; init; }

    /// <summary>What should be known of the groups, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    private static string Sentence(HoldoutScore method)
    {
        var (top, spearman) = (method.Top, method.Spearman);
        return $"{method.Method}: its largest share is that of the group without which the model's output "
            + "changes most, "
            + $"for a part of {Figure(top.Value)} ({Figure(top.Low)} … {Figure(top.High)}) of the pictures; "
            + "shares follow "
            + $"that change with a rank correlation of {Figure(spearman.Value)} ({Figure(spearman.Low)} … "
            + $"{Figure(spearman.High)}).";
    }
}

/// <summary>A group of training pictures.</summary>
public sealed record HoldoutGroup(string Key, int Pictures);

/// <summary>The methods under one truth.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="Effects">Of each group, mean over queries.</param>
/// <param name="Floor">What another training seed alone changes, mean over queries; null with one seed.</param>
/// <param name="SeedAgreement">
/// Mean over queries and pairs of seeds of the rank correlation of their truths; null with one seed.
/// </param>
/// <param name="Methods">In the order of the request, then what order at random is worth.</param>
/// <param name="Differences">Of each method to the first.</param>
public sealed record HoldoutTarget(
    string Target,
    string Meaning,
    IReadOnlyList<HoldoutEffect> Effects,
    Interval? Floor,
    double? SeedAgreement,
    IReadOnlyList<HoldoutScore> Methods,
    IReadOnlyList<HoldoutDifference> Differences
);

/// <summary>What leaving a group out changes, mean over queries.</summary>
public sealed record HoldoutEffect(string Group, Interval Change);

/// <summary>How well a method's shares order the groups, means over queries with intervals.</summary>
/// <param name="Method">Its id; with the way to make shares after it where that is not that of reports.</param>
/// <param name="Top">How often the group of the largest share is the one that mattered most, 0 … 1.</param>
/// <param name="Ndcg">NDCG@3, 0 … 1.</param>
/// <param name="Spearman">Rank correlation, −1 … 1.</param>
/// <param name="Damping">The rule that chose the damping; null for a method without.</param>
public sealed record HoldoutScore(string Method, Interval Top, Interval Ndcg, Interval Spearman, string? Damping);

/// <summary>How far a is above b, paired over queries and training seeds.</summary>
public sealed record HoldoutDifference(string A, string B, Interval Top, Interval Ndcg, Interval Spearman);

/// <summary>One query; groups in the order of the result.</summary>
/// <param name="Picture">As given.</param>
/// <param name="Changes">By truth, mean over training seeds: one value a group.</param>
/// <param name="Shares">By method: one value a group.</param>
public sealed record HoldoutQuery(
    string Picture,
    IReadOnlyDictionary<string, double[]> Changes,
    IReadOnlyDictionary<string, double[]> Shares
);

/// <summary>What a method's shares do when each group in turn is split into shell companies.</summary>
/// <param name="Method">As in <see cref="HoldoutScore"/>.</param>
/// <param name="Rise">
/// The sum of the shells' shares less the group's, mean over groups and queries, with the middle 95 % of draws of
/// queries.
/// </param>
/// <param name="Largest">The largest rise or fall of all.</param>
/// <param name="Beyond">
/// The part of groups and queries where the sum lies outside the interval of the group's share; null where shares have
/// no intervals.
/// </param>
public sealed record SplittingResult(string Method, Interval Rise, double Largest, double? Beyond);
