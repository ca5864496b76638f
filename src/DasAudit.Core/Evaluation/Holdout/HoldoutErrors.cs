using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>The errors of queries under models without groups, and what is read off them.</summary>
internal sealed class HoldoutErrors
{
    private const string OutputChange = "output-change";

    // What is truth here, the first the usual one.
    private static readonly (string Name, string Meaning)[] Kinds =
    [
        (
            OutputChange,
            "How far the prediction moves when the group is left out: mean squared difference to the model of all "
                + "pictures."
        ),
        ("simple-loss", "How much the mean squared error of the noise prediction rises when the group is left out."),
        (
            "log-loss",
            "How much the mean logarithm of that error over the less noisy half rises, so that all timesteps count "
                + "alike."
        ),
    ];

    // The model of all pictures first; changes are to that model.
    private readonly IReadOnlyList<IReadOnlyList<QueryErrors>> _bySeed;

    // The model of all pictures of another seed, with changes to that of a seed, and that seed.
    private readonly IReadOnlyList<(QueryErrors Other, int Seed)> _others;

    private readonly IReadOnlyList<TruthTarget> _targets;

    private HoldoutErrors(
        IReadOnlyList<IReadOnlyList<QueryErrors>> bySeed,
        IReadOnlyList<(QueryErrors Other, int Seed)> others,
        IReadOnlyList<TruthTarget> targets
    ) => (_bySeed, _others, _targets) = (bySeed, others, targets);

    /// <summary>The truths, the usual one first.</summary>
    public IReadOnlyList<HoldoutTruth> Truths =>
        [.. Kinds.Select(kind => Truth(_targets.Single(target => target.Name == kind.Name), kind.Meaning))];

    /// <summary>Computes the errors of all queries.</summary>
    /// <param name="bySeed">Jobs of each training seed, that of all pictures first; all trained.</param>
    public static HoldoutErrors Compute(EvaluationCourt court, IReadOnlyList<IReadOnlyList<RetrainingJob>> bySeed)
    {
        var errors = bySeed.Select(jobs => court.Errors(jobs, jobs[0])).ToList();
        var others = new List<(QueryErrors, int)>();
        foreach (var (seed, reference) in bySeed.Index())
        foreach (var jobs in bySeed.Where(jobs => jobs != reference))
            others.Add((court.Errors([jobs[0]], reference[0])[0], seed));
        return new(errors, others, TruthTarget.All(court.Model.Process, court.Timesteps));
    }

    private HoldoutTruth Truth(TruthTarget target, string meaning)
    {
        var queries = Enumerable.Range(0, _bySeed[0][0].Losses.Length).ToList();
        return new(
            target.Name,
            meaning,
            [.. _bySeed.Select(errors => queries.Select(q => Rises(target, errors, q)).ToArray())],
            _others.Count == 0 ? null : [.. queries.Select(q => _others.Average(pair => Difference(target, pair, q)))]
        );
    }

    private static double[] Rises(TruthTarget target, IReadOnlyList<QueryErrors> errors, int query) =>
        [.. errors.Skip(1).Select(without => Of(target, without, query) - Of(target, errors[0], query))];

    private double Difference(TruthTarget target, (QueryErrors Other, int Seed) pair, int query) =>
        Math.Abs(Of(target, pair.Other, query) - Of(target, _bySeed[pair.Seed][0], query));

    private static double Of(TruthTarget target, QueryErrors errors, int query) =>
        target.Of(errors.Losses[query], errors.Changes[query]);
}
