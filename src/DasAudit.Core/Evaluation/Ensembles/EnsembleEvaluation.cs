using DasAudit.Core.Files;
using MathNet.Numerics.Distributions;

namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>
/// Models of random parts of the dataset as one ensemble, for which leaving a picture out is exact: the members that
/// never saw it remain. Methods are held against those effects.
/// </summary>
public sealed class EnsembleEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    private const int FewestMembers = 8;

    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public EnsembleResult? Run(EnsembleRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request);
        using var court = EvaluationCourt.Open(request.Common, time, progress, cancellation);
        var pools = request.Pools.Prepend(1).Distinct().OrderDescending().ToList();
        var jobs = pools.ConvertAll(pool =>
            RandomParts.DrawFromPool(court.Members, pool, request.Part, request.Members).Jobs(court.Seeds)
        );
        if (!court.Train([.. jobs.SelectMany(ofPool => ofPool)]))
            return null;
        var measured = pools.Zip(jobs, (pool, ofPool) => EnsembleMeasure.Of(court, pool, ofPool)).ToList();
        var methods = new EnsembleAgreement(court, request, measured[0], jobs[0]);
        return Result(request, court, measured, methods);
    }

    private static void Check(EnsembleRequest request)
    {
        if (request.Members < FewestMembers)
            throw new AuditException(
                $"An ensemble of fewer than {FewestMembers} members says nothing; give more "
                    + $"{Settings.Name("members")}."
            );
        if (request.ScoredMembers > request.Members)
            throw new AuditException(
                $"{Settings.Name("scored-members")} {request.ScoredMembers} is more than the {request.Members} "
                    + $"{Settings.Name("members")} of the ensemble."
            );
    }

    private static EnsembleResult Result(
        EnsembleRequest request,
        EvaluationCourt court,
        IReadOnlyList<EnsembleMeasure> pools,
        EnsembleAgreement agreement
    )
    {
        var whole = pools[0];
        var halves = whole.HalvesAgreement();
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Part = request.Part,
            TrainingSeeds = court.Seeds,
            Timesteps = court.Timesteps,
            Draws = request.Common.Truth.Draws,
            Pools = [.. pools.Select(pool => pool.Summary(court))],
            Queries = whole.QuerySummaries(court),
            Attributable = IsAboveChance(whole.Queries.Count(query => query.IsAttributable), whole.Queries.Count),
            HalvesAgreement = halves,
            // Spearman–Brown, from half the members to all.
            Ceiling = halves is { } half ? Math.Sqrt(Math.Max(0, 2 * half / (1 + half))) : null,
            Methods = agreement.Methods(),
            Differences = agreement.Differences(),
            Groups = agreement.GroupSummaries(),
        };
    }

    // The lower end of Clopper and Pearson's interval.
    private static bool IsAboveChance(int count, int queries) =>
        count > 0 && Beta.InvCDF(count, queries - count + 1, 0.025) > EnsembleResult.Level;
}
