using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>What pictures are worth to an ensemble, exactly, and how far methods say so.</summary>
public sealed record EnsembleResult : EvaluationResult
{
    /// <summary>The part of queries that have a picture that stands out by chance.</summary>
    public const double Level = 0.05;

    /// <inheritdoc/>
    public override string Schema => "das-audit/ensemble/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Pools[0].Members} members, each of {Part} of the pictures, {Queries.Count} queries, {Timesteps.Count} "
                + $"timesteps × {Draws} noise draws"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [new(null, Verdict), .. Methods.Select(method => new EvaluationFinding(method.Method, Sentence(method)))];

    /// <summary>α, the part of the dataset that a member sees.</summary>
    public required double Part { get; init; }

    /// <summary>Training seeds; each has as many members.</summary>
    public required IReadOnlyList<long> TrainingSeeds { get; init; }

    /// <summary>At which predictions are compared.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>Noise draws at each.</summary>
    public required int Draws { get; init; }

    /// <summary>The whole dataset first, then smaller ones, falling.</summary>
    public required IReadOnlyList<EnsemblePool> Pools { get; init; }

    /// <summary>The queries, in their order, by the ensemble of the whole dataset.</summary>
    public required IReadOnlyList<EnsembleQuery> Queries { get; init; }

    /// <summary>
    /// Whether more queries have a picture that stands out than would by chance: the lower end of the share's exact 95
    /// % interval is above <see cref="Level"/>.
    /// </summary>
    public required bool Attributable { get; init; }

    /// <summary>
    /// Mean rank correlation of pictures' effects by one half of the members with those by the other; null with too
    /// few.
    /// </summary>
    public required double? HalvesAgreement { get; init; }

    /// <summary>What a perfect method would reach: √ of the agreement of all members with as many others.</summary>
    public required double? Ceiling { get; init; }

    /// <summary>Agreement with pictures' effects, best first.</summary>
    public required IReadOnlyList<EnsembleMethod> Methods { get; init; }

    /// <summary>Paired differences of each method to the first of the request.</summary>
    public required IReadOnlyList<EnsembleDifference> Differences { get; init; }

    /// <summary>What groups are worth; empty if not asked for.</summary>
    public required IReadOnlyList<EnsembleGroup> Groups { get; init; }

    private string Verdict
    {
        get
        {
            var count = Pools[0].Attributable;
            var facts =
                $"for {count} of {Queries.Count} pictures the effect of some training picture on an ensemble of "
                + $"{Pools[0].Members} such models is above chance";
            return Attributable
                ? $"Attributable to single pictures: {facts}."
                : $"Not attributable to single pictures: {facts}, and {Level * Queries.Count:0} would be by chance.";
        }
    }

    private string Sentence(EnsembleMethod method)
    {
        var figures = $"{Figure(method.Spearman)} ({Figure(method.Low)} … {Figure(method.High)})";
        var best = Ceiling is { } ceiling ? $"; a perfect method would reach about {Figure(ceiling)}" : "";
        return $"{method.Method}: its ranking of single pictures agrees {figures} with what leaving each out "
            + "changes in "
            + $"the ensemble{best}.";
    }
}

/// <summary>An ensemble of one size of dataset.</summary>
/// <param name="Pool">ρ, its part of the whole dataset.</param>
/// <param name="Pictures">Different pictures that it holds.</param>
/// <param name="Members">M.</param>
/// <param name="Loss">Simple loss of the ensemble, mean over queries.</param>
/// <param name="Effect">
/// What leaving out one picture changes, less what chance would, mean over pictures and queries, as a part of the loss.
/// </param>
/// <param name="EffectLow">Of the middle 95 % of bootstrap draws over queries.</param>
/// <param name="EffectHigh">Of the middle 95 % of bootstrap draws over queries.</param>
/// <param name="Attributable">Queries with a picture that stands out.</param>
public sealed record EnsemblePool(
    double Pool,
    int Pictures,
    int Members,
    double Loss,
    double Effect,
    double EffectLow,
    double EffectHigh,
    int Attributable
);

/// <summary>What single pictures are worth to one query.</summary>
/// <param name="Path">The query, as given.</param>
/// <param name="Loss">Simple loss of the ensemble.</param>
/// <param name="PValue">
/// Of the largest effect, against the largest when members are dealt to pictures at random.
/// </param>
/// <param name="StandOut">Pictures whose effect is above nearly all such largest ones, largest first.</param>
public sealed record EnsembleQuery(string Path, double Loss, double PValue, IReadOnlyList<EnsemblePicture> StandOut);

/// <summary>The effect of a picture.</summary>
/// <param name="Path">Relative to the dataset.</param>
/// <param name="Change">Δ, the mean squared change of the ensemble's prediction without it.</param>
/// <param name="LossRise">The rise of the ensemble's simple loss without it.</param>
public sealed record EnsemblePicture(string Path, double Change, double LossRise);

/// <summary>How far a method ranks pictures as their effects do.</summary>
/// <param name="Method">Its id; with <c> (members)</c> after it where scores are means over members.</param>
/// <param name="Spearman">Mean over queries of the rank correlation over pictures, −1 … 1.</param>
/// <param name="Low">Of the middle 95 % of bootstrap draws over queries.</param>
/// <param name="High">Of the middle 95 % of bootstrap draws over queries.</param>
/// <param name="Generated">Mean over generated queries; null without any.</param>
/// <param name="HeldOut">Mean over the others; null without any.</param>
/// <param name="Groups">The same of groups' effects and the sums of their scores; null with fewer than three.</param>
public sealed record EnsembleMethod(
    string Method,
    double Spearman,
    double Low,
    double High,
    double? Generated,
    double? HeldOut,
    double? Groups
);

/// <summary>How far the agreement of a is above that of b, paired over queries.</summary>
public sealed record EnsembleDifference(string A, string B, double Difference, double Low, double High);

/// <summary>What a group is worth.</summary>
/// <param name="Key">The group.</param>
/// <param name="Pictures">Different pictures of it.</param>
/// <param name="MembersWithout">Members that saw none of it.</param>
/// <param name="Effect">
/// What leaving it out changes, less what chance would, mean over queries, as a part of the loss; null where fewer than
/// two members saw none of it, or fewer than two saw any.
/// </param>
/// <param name="Attributable">Queries for which it changes more than 95 % of random groups of members would.</param>
public sealed record EnsembleGroup(string Key, int Pictures, int MembersWithout, double? Effect, int Attributable);
