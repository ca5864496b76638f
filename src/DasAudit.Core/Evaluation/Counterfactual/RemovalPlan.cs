using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>The models that are needed, and what each is for.</summary>
internal sealed class RemovalPlan
{
    private readonly EvaluationCourt _court;

    private RemovalPlan(
        EvaluationCourt court,
        int leftOut,
        IReadOnlyList<MethodReading<IReadOnlyList<TrainingItem>>> methods,
        IReadOnlyList<IReadOnlyList<TrainingItem>> random
    )
    {
        (_court, LeftOut, Methods, Random) = (court, leftOut, methods, random);
    }

    /// <summary>Different pictures that are left out in each.</summary>
    public int LeftOut { get; }

    /// <summary>What each method puts first, by query.</summary>
    public IReadOnlyList<MethodReading<IReadOnlyList<TrainingItem>>> Methods { get; }

    /// <summary>What is left out at random, by draw.</summary>
    public IReadOnlyList<IReadOnlyList<TrainingItem>> Random { get; }

    /// <summary>Scores all training pictures for all queries and draws what is left out at random.</summary>
    public static RemovalPlan Of(CounterfactualRequest request, EvaluationCourt court)
    {
        var count = Removal.Count(court.Members, request.Fraction);
        var seed = request.Common.Truth.Seed;
        return new(
            court,
            count,
            court.Read(
                [.. court.Methods.Select(method => MethodVariant.Usual(method, court.MethodOptions))],
                (_, query, scores) => Removal.Top(query, scores, count)
            ),
            [
                .. Enumerable
                    .Range(0, request.RandomRemovals)
                    .Select(draw => Removal.Draw(court.Members, count, seed, draw)),
            ]
        );
    }

    /// <summary>The model without some pictures.</summary>
    public RetrainingJob Without(IReadOnlyList<TrainingItem> left, long seed) =>
        LeaveOutJobs.Without(_court.Members, left, seed);

    /// <summary>The model of all pictures.</summary>
    public RetrainingJob All(long seed) => LeaveOutJobs.All(_court.Members, seed);

    /// <summary>The training seed that another one is compared with, which need not be one of the evaluation.</summary>
    public static long Other(long seed) => seed + 1;

    /// <summary>All models of a training seed that are compared with that of all its pictures, each once.</summary>
    public IReadOnlyList<RetrainingJob> Compared(long seed) =>
        [
            .. Methods
                .SelectMany(method => method.OfQueries)
                .Concat(Random)
                .Select(left => Without(left, seed))
                .Prepend(All(Other(seed)))
                .DistinctBy(job => job.Name),
        ];

    /// <summary>All models, each once; what most figures need comes first.</summary>
    public IReadOnlyList<RetrainingJob> Jobs =>
        [.. _court.Seeds.Select(All).Concat(_court.Seeds.SelectMany(Compared)).DistinctBy(job => job.Name)];

    /// <summary>How many models that is, in a sentence.</summary>
    public string Sentence
    {
        get
        {
            var jobs = Jobs;
            var ids = string.Join(", ", Methods.Select(method => method.Variant.Id));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{jobs.Count} models are compared, of which {jobs.Count(_court.IsTrained)} are trained: all of "
                    + $"{_court.Members.Items.Count} pictures, all but the {LeftOut} that {ids} put first for each of "
                    + $"{_court.Queries.Count} queries, all but {LeftOut} random ones ({Random.Count} draws)."
            );
        }
    }
}
